"""The open calls: opened, answered by applicants, verified once the clock has closed them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from demo.applications import Application, Conduct
from demo.exhibitions import Exhibition
from demo.people import PROGRAMME_OFFICER, SECRETARY, VERIFIER
from demo.play import Play
from demo.programme import CALLS
from demo.screen import WIB, counted
from demo.stages.announcement import RUBRIC
from demo.stages.money import allot

OPEN_DAYS = 14
CLOSES = time(17, 0)
REQUIREMENTS = ("LICENCE", "PRODUCT_PERMIT", "CAPACITY")


async def open_calls(play: Play, call: int) -> str:
    """Open the calls; panels are appointed, money is allotted, and the first apply."""
    exhibitions = play.of_call(call)
    await play.each(exhibitions, lambda one: _open(play, one))
    early = [one for one in play.applications_of(exhibitions) if one.on_first_day]
    await play.each(early, lambda one: _submit(play, one))
    await play.settle()
    await play.each(exhibitions, lambda one: _appoint(play, one))
    await play.each(exhibitions, lambda one: allot(play, one))
    places = sum(one.places for one in exhibitions)
    told = f"{counted(len(exhibitions), 'exhibition')}, {places} places"
    return f"{told}; {counted(len(early), 'application')} at once"


async def last_applications(play: Play, call: int) -> str:
    """The others apply before the call closes, and some have thought better of it."""
    everybody = play.applications_of(play.of_call(call))
    late = [one for one in everybody if not one.on_first_day]
    await play.each(late, lambda one: _submit(play, one))
    gone = [one for one in everybody if one.conduct is Conduct.WITHDRAWS_APPLICATION]
    await withdraw(play, gone, "changed its mind")
    return f"{len(late)} more, {len(everybody)} in all; {len(gone)} withdrawn"


async def verify(play: Play, call: int) -> str:
    """The calls have closed: corrections are asked for and made, the rule set decides."""
    exhibitions = play.of_call(call)
    standing = [
        one
        for one in play.applications_of(exhibitions)
        if one.conduct is not Conduct.WITHDRAWS_APPLICATION
    ]
    faulty = [one for one in standing if _wants_correction(play, one)]
    await play.each(faulty, lambda one: _correct(play, one))
    play.mended.update(one.enterprise for one in faulty)
    await play.each(standing, lambda one: _verify(play, one))
    await play.each(exhibitions, lambda one: _close_verification(play, one))
    await play.settle()
    rounds = [await play.api.read(SECRETARY, f"selection/rounds/{one.id}") for one in exhibitions]
    eligible = sum(len(one["listed"]) for one in rounds)
    rejected = len(standing) - eligible
    return f"{len(faulty)} corrected; {eligible} eligible, {rejected} rejected with reasons"


async def withdraw(play: Play, applications: Sequence[Application], reason: str) -> None:
    """They give up, all at once: only for what does not race for a reserve list."""
    await play.each(applications, lambda one: withdraw_one(play, one, reason))


async def withdraw_one(play: Play, application: Application, reason: str) -> None:
    """This one gives up."""
    address = f"registration/applications/{play.application_id(application)}/withdrawal"
    await play.api.command(play.applicant(application), address, {"reason": reason})


def closing_of(call: int) -> datetime:
    """When this round of calls closes."""
    return datetime.combine(CALLS[call - 1] + timedelta(days=OPEN_DAYS), CLOSES, WIB)


async def _open(play: Play, one: Exhibition) -> None:
    terms = {
        "closes_at": closing_of(one.call).isoformat(),
        "requirements": [*REQUIREMENTS, *(["HALAL"] if one.halal else [])],
        "rubric": RUBRIC["rubric"],
    }
    await play.api.command(PROGRAMME_OFFICER, f"registration/exhibitions/{one.id}/call", terms)


async def _appoint(play: Play, one: Exhibition) -> None:
    body = {"curators": list(play.world.panels[one.id])}
    await play.api.command(SECRETARY, f"selection/rounds/{one.id}/panel", body)


async def _submit(play: Play, one: Application) -> None:
    body = {
        "enterprise": play.enterprises[one.enterprise],
        "capacity": 0 if one.corrected else one.capacity,
    }
    address = f"registration/exhibitions/{one.exhibition}/applications"
    await play.api.command(play.applicant(one), address, body, apart=str(one.enterprise))


def _wants_correction(play: Play, one: Application) -> bool:
    enterprise = play.world.enterprises[one.enterprise - 1]
    unfiled = enterprise.late_document is not None and one.enterprise not in play.mended
    return unfiled or (one.corrected and one.capacity > 0)


async def _correct(play: Play, one: Application) -> None:
    id, applicant = play.application_id(one), play.applicant(one)
    asked = {"reason": "a document or the capacity is missing"}
    address = f"registration/applications/{id}"
    await play.api.command(VERIFIER, f"{address}/correction-request", asked)
    document = play.world.enterprises[one.enterprise - 1].late_document
    if document is not None:
        place = f"registration/enterprises/{play.enterprises[one.enterprise]}/documents"
        await play.api.command(applicant, place, document, apart=document["document"])
    await play.api.command(applicant, f"{address}/resubmission", {"capacity": one.capacity})


async def _verify(play: Play, one: Application) -> None:
    address = f"registration/applications/{play.application_id(one)}/verification"
    await play.api.command(VERIFIER, address, {})


async def _close_verification(play: Play, one: Exhibition) -> None:
    await play.api.command(VERIFIER, f"registration/exhibitions/{one.id}/verification-closure", {})
