"""Objections: an applicant that got no place objects, and an approver without a part upholds it."""

from demo.fiction.applications import Application, Conduct
from demo.fiction.papers import scan
from demo.player.people import APPROVER, TECHNICAL_APPROVER
from demo.player.play import Play
from demo.programme_2018.exhibition import Exhibition

GROUND = "score"


async def object_to(play: Play, call: int) -> str:
    """A reserve objects with a file; its objection is upheld, and it gets the seat in escrow."""
    exhibition = next(item for item in play.of_call(call) if item.objections)
    objector = await _objector(play, exhibition)
    if objector is None:
        return "every candidate has a place, so none objects"
    await _file(play, objector)
    await _uphold(play, objector)
    await play.wait_until_idle()
    return (
        "of a reserve; deciding on one's own approval was refused, another approver upheld it: "
        "it has the seat in escrow (ditahan), whose holder is the first reserve"
    )


async def _objector(play: Play, exhibition: Exhibition) -> Application | None:
    selection_round = await play.api.read(APPROVER, f"selection/rounds/{exhibition.id}")
    reserves = [play.application(id) for id in selection_round["reserve"]]
    return next((item for item in reserves if item.conduct is Conduct.ACCEPTS), None)


async def _file(play: Play, objector: Application) -> None:
    id, applicant = play.application_id(objector), play.applicant(objector)
    proof = scan("Bukti contoh (fictional): the list of exports")
    address = f"selection/candidates/{id}/objection-files"
    file = await play.api.upload(applicant, address, proof, apart="proof")
    body = {
        "application": id,
        "ground": GROUND,
        "reason": "our exports were not counted (fictional)",
        "files": [file],
    }
    address = f"selection/rounds/{objector.exhibition}/objections"
    await play.api.command(applicant, address, body)


async def _uphold(play: Play, objector: Application) -> None:
    address = f"selection/rounds/{objector.exhibition}/objections/upholding"
    body = {
        "application": play.application_id(objector),
        "ground": GROUND,
        "answer": "the list shows exports in two years (fictional)",
        "number": f"ND-{objector.exhibition}/SANGGAH",
        "signed_on": play.today,
    }
    await play.api.refused(APPROVER, address, body, code="same-person")
    await play.api.command(TECHNICAL_APPROVER, address, body)
