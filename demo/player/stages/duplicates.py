"""A duplicate pair: an enterprise that has applied is registered again, and found out.

With the same numbers the second registration is refused, and leaves a suspicion. With other ones it
is taken, and suspected because it is alike; an officer confirms it, and another one dismisses the
attempt as mistyped. The second registration then cannot apply where the first one has.
"""

from typing import Any

from demo.fiction.applications import Application
from demo.player.people import SECOND_VERIFIER, VERIFIER, representative
from demo.player.play import Play

AGAIN = "representative-again"
OTHER_NUMBERS = {"npwp": "990000000000001", "nik": "3171015708991234"}


async def register_again(play: Play, application: Application) -> None:
    """Register the applicant again, twice; judge both suspicions, and let the second one apply."""
    entry = play.world.enterprises[application.enterprise - 1]
    address, person = "registration/enterprises", representative(AGAIN)
    await play.api.refused(person, address, entry.form, code=_taken(entry.form))
    again = await play.api.command(person, address, _written_otherwise(entry.form))
    own = play.enterprises[application.enterprise]
    found = await play.api.read(VERIFIER, "registration/suspicions", party=own)
    for item in found["items"]:
        suspicion = f"registration/suspicions/{item['id']}"
        if item["ground"] == "NUMBER":
            dismissal = {"code": "mistyped-number", "reason": "a slip of the pen (fictional)"}
            await play.api.command(SECOND_VERIFIER, f"{suspicion}/dismissal", dismissal)
        else:
            confirmation = {"code": "registered-twice", "reason": "one workshop (fictional)"}
            await play.api.command(VERIFIER, f"{suspicion}/confirmation", confirmation)
    await play.api.refused(
        representative(AGAIN, again["id"]),
        f"registration/exhibitions/{application.exhibition}/applications",
        {"enterprise": again["id"], "capacity": 1},
        code="duplicate-applied",
    )


def _taken(form: dict[str, Any]) -> str:
    return "nik-koperasi-taken" if form["cooperative"] else "nik-taken"


def _written_otherwise(form: dict[str, Any]) -> dict[str, Any]:
    numbers = {"npwp": OTHER_NUMBERS["npwp"]}
    if form["cooperative"]:
        numbers["nik_koperasi"] = "9900000000001"
    else:
        numbers["nik"] = OTHER_NUMBERS["nik"]
    return {**form, "name": form["name"].upper(), "identifiers": numbers}
