"""The participants at an exhibition: booths, scanned codes, and mistakes corrected."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.fiction.applications import Application, Conduct
from demo.player.people import PROGRAMME_OFFICER, SECOND_VERIFIER, VERIFIER
from demo.player.play import Play
from demo.player.screen import counted
from demo.programme_2018.exhibition import Exhibition


async def assign_booths(
    play: Play, exhibition: Exhibition, selection_round: dict[str, Any]
) -> None:
    """Give the participants of the decree's annex their booths, all in one command."""
    annex = selection_round["decree"]["annex"]
    assignments = [
        {
            "enterprise": application.partition(".")[2],
            "booth": f"A-{place // exhibition.shared_by + 1}",
        }
        for place, application in enumerate(annex)
    ]
    address = f"registration/exhibitions/{exhibition.id}/booths"
    await play.api.command(PROGRAMME_OFFICER, address, {"assignments": assignments})


async def record(play: Play, rounds: Sequence[dict[str, Any]], day: date) -> str:
    """Check in who comes on this first day, record who does not, and say how many these are."""
    participants = [
        play.application(id)
        for selection_round in rounds
        for id in selection_round["decree"]["annex"]
    ]
    absent = [participant for participant in participants if participant.conduct is Conduct.NO_SHOW]
    mistaken = [] if play.attendance_corrected else participants[:1]
    scanned = [each for each in absent if each not in mistaken]
    wrong = [] if play.check_in_undone else scanned[:1]
    await play.each(mistaken, lambda item: _record_wrongly(play, item))
    await play.each(wrong, lambda item: _check_in_wrongly(play, item, day))
    await play.each(
        [each for each in participants if each not in mistaken], lambda item: _record(play, item)
    )
    play.attendance_corrected |= bool(mistaken)
    play.check_in_undone |= bool(wrong)
    mistakes = ", 1 attendance corrected" if mistaken else ""
    mistakes += ", 1 check-in undone" if wrong else ""
    return f"{len(participants) - len(absent)} attend, {counted(len(absent), 'no-show')}{mistakes}"


async def _record(play: Play, item: Application) -> None:
    if item.conduct is Conduct.NO_SHOW:
        address = f"{_address(play, item)}/attendance"
        await play.api.command(VERIFIER, address, {"present": False})
    else:
        await _check_in(play, item)


async def _check_in(play: Play, item: Application) -> None:
    """Let the participant show its code, and scan it."""
    code = await play.api.read(play.applicant(item), f"{_address(play, item)}/check-in-code")
    address = f"registration/exhibitions/{item.exhibition}/check-ins"
    body = {"check_in_code": code["code"]}
    await play.api.command(VERIFIER, address, body, apart=play.application_id(item))


async def _check_in_wrongly(play: Play, item: Application, day: date) -> None:
    """Scan a badge that another person carries, and let another officer undo that."""
    await _check_in(play, item)
    address = f"{_address(play, item)}/check-in-undoing"
    body = {"day": str(day), "reason": "a badge"}
    await play.api.refused(VERIFIER, address, body, code="same-person")
    await play.api.command(SECOND_VERIFIER, address, body)


async def _record_wrongly(play: Play, item: Application) -> None:
    """Record an attendance wrongly, and let another officer correct it."""
    present = item.conduct is not Conduct.NO_SHOW
    address = _address(play, item)
    await play.api.command(VERIFIER, f"{address}/attendance", {"present": not present})
    body = {"present": present, "reason": "a mistake in the list"}
    await play.api.command(SECOND_VERIFIER, f"{address}/attendance-correction", body)


def _address(play: Play, item: Application) -> str:
    return f"registration/applications/{play.application_id(item)}"
