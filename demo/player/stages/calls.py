"""The open calls: opened, answered by applicants, verified once the clock has closed them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Literal

from demo.fiction.applications import Application, Conduct
from demo.player.people import PROGRAMME_OFFICER, SECOND_VERIFIER, SECRETARY, VERIFIER
from demo.player.play import Play
from demo.player.screen import WIB, counted
from demo.player.stages.announcement import RUBRIC, RULE_SET
from demo.player.stages.duplicates import register_again
from demo.player.stages.money import allot
from demo.player.stages.papers import file_document
from demo.programme_2018.exhibition import OVERSEAS, Exhibition
from demo.programme_2018.programme import CALLS

OPEN_DAYS = 14
CLOSES = time(17, 0)
REQUIREMENTS = ("licence", "product-permit", "capacity")
Code = Literal["no-capacity", "costs", "dates", "other-exhibition", "other"]
"""The codes of a withdrawal, as registration takes them."""


async def open_calls(play: Play, call: int) -> str:
    """Open the calls; panels are appointed, money is allotted, and the first apply.

    A correction is requested at once from an applicant that will never answer. In the first call a
    sanction that was imposed by mistake keeps an enterprise from applying, until it is lifted, and
    an enterprise that has applied is registered again.
    """
    exhibitions = play.of_call(call)
    await play.each(exhibitions, lambda exhibition: _open(play, exhibition))
    early = [
        application for application in play.applications_of(exhibitions) if application.on_first_day
    ]
    if call == 1 and early:
        await _sanction_by_mistake(play, early[0])
    await play.each(early, lambda application: _submit(play, application))
    if call == 1 and early:
        await register_again(play, early[0])
    await play.wait_until_idle()
    silent = [
        application for application in early if application.conduct is Conduct.IGNORES_CORRECTION
    ]
    await play.each(silent, lambda application: _request_correction(play, application))
    await play.each(exhibitions, lambda exhibition: _appoint(play, exhibition))
    await play.each(exhibitions, lambda exhibition: allot(play, exhibition))
    places = sum(exhibition.places for exhibition in exhibitions)
    opened = f"{counted(len(exhibitions), 'exhibition')}, {places} places"
    return f"{opened}; {counted(len(early), 'application')} at once"


async def last_applications(play: Play, call: int) -> str:
    """The others apply before the call closes, and some have thought better of it.

    One has a new product: it revises its profile, and its application, which froze the old one.
    """
    everybody = play.applications_of(play.of_call(call))
    late = [application for application in everybody if not application.on_first_day]
    await play.each(late, lambda application: _submit(play, application))
    withdrawn = [
        application
        for application in everybody
        if application.conduct is Conduct.WITHDRAWS_APPLICATION
    ]
    await withdraw(play, withdrawn, "other")
    early = (each for each in everybody if each.on_first_day and each.conduct is Conduct.ACCEPTS)
    if revised := next(early, None):
        await _revise(play, revised)
    return f"{len(late)} more, {len(everybody)} in all; {len(withdrawn)} withdrawn"


async def verify(play: Play, call: int) -> str:
    """The calls have closed: corrections are requested and made, the rule set decides."""
    exhibitions = play.of_call(call)
    standing = [
        application
        for application in play.applications_of(exhibitions)
        if application.conduct not in (Conduct.WITHDRAWS_APPLICATION, Conduct.IGNORES_CORRECTION)
    ]
    faulty = [application for application in standing if _wants_correction(play, application)]
    await play.each(faulty, lambda application: _correct(play, application))
    play.mended.update(application.enterprise for application in faulty)
    await play.each(standing, lambda application: _verify(play, application))
    await play.each(exhibitions, lambda exhibition: _close_verification(play, exhibition))
    await play.wait_until_idle()
    rounds = [
        await play.api.read(SECRETARY, f"selection/rounds/{exhibition.id}")
        for exhibition in exhibitions
    ]
    eligible = sum(len(selection_round["listed"]) for selection_round in rounds)
    rejected = len(standing) - eligible
    silent = sum(
        application.conduct is Conduct.IGNORES_CORRECTION
        for application in play.applications_of(exhibitions)
    )
    late = f", {silent} did not answer a correction in time" if silent else ""
    return f"{len(faulty)} corrected{late}; {eligible} eligible, {rejected} rejected with reasons"


async def withdraw(play: Play, applications: Sequence[Application], code: Code) -> None:
    """They give up, all at once: only for what does not race for a reserve list."""
    await play.each(applications, lambda application: withdraw_one(play, application, code))


async def withdraw_one(play: Play, application: Application, code: Code) -> None:
    """Withdraw this application, for the reason with this code."""
    address = f"registration/applications/{play.application_id(application)}/withdrawal"
    body = {"code": code, "reason": "for reasons of its own (fictional)"}
    await play.api.command(play.applicant(application), address, body)


def closing_of(call: int) -> datetime:
    """Return the instant at which this round of calls closes."""
    return datetime.combine(CALLS[call - 1] + timedelta(days=OPEN_DAYS), CLOSES, WIB)


async def _open(play: Play, exhibition: Exhibition) -> None:
    terms = {
        "closes_at": closing_of(exhibition.call).isoformat(),
        "rule_set": RULE_SET["rule_set"],
        "requirements": [*REQUIREMENTS, *(["halal"] if exhibition.halal else [])],
        "rubric": RUBRIC["rubric"],
        "technical_approval": exhibition.scope == OVERSEAS,
        "quotas": [quota.of(exhibition.places) for quota in exhibition.quotas],
        "commitment_days": exhibition.commitment_days,
        "objections": exhibition.objections,
    }
    await play.api.command(
        PROGRAMME_OFFICER, f"registration/exhibitions/{exhibition.id}/call", terms
    )


async def _appoint(play: Play, exhibition: Exhibition) -> None:
    body = {"curators": list(play.world.panels[exhibition.id])}
    await play.api.command(SECRETARY, f"selection/rounds/{exhibition.id}/panel", body)


async def _submit(play: Play, application: Application) -> None:
    address = f"registration/exhibitions/{application.exhibition}/applications"
    await play.api.command(
        play.applicant(application),
        address,
        _submission(play, application),
        apart=str(application.enterprise),
    )


def _submission(play: Play, application: Application) -> dict[str, Any]:
    return {"enterprise": play.enterprises[application.enterprise], **_declared(application)}


def _declared(application: Application) -> dict[str, int]:
    return {"capacity": 0 if application.corrected else application.capacity}


async def _sanction_by_mistake(play: Play, application: Application) -> None:
    enterprise = f"registration/enterprises/{play.enterprises[application.enterprise]}"
    document = {"authority": "Deputi Bidang Produksi dan Pemasaran", "signed_on": play.today}
    sanction = {
        **document,
        "code": "report-not-delivered",
        "starts_on": play.today,
        "document_number": "SK-SANKSI-1/2018",
        "reason": "the report of another enterprise was missing (fictional)",
    }
    lifting = {
        **document,
        "sanction": 1,
        "code": "imposed-by-mistake",
        "document_number": "SK-SANKSI-2/2018",
        "reason": "the names were confused (fictional)",
    }
    await play.api.command(VERIFIER, f"{enterprise}/sanctions", sanction)
    await play.api.refused(
        play.applicant(application),
        f"registration/exhibitions/{application.exhibition}/applications",
        _submission(play, application),
        code="sanctioned",
    )
    address = f"{enterprise}/sanction-lifting"
    await play.api.refused(VERIFIER, address, lifting, code="same-person")
    await play.api.command(SECOND_VERIFIER, address, lifting)


async def _revise(play: Play, application: Application) -> None:
    applicant, id = play.applicant(application), play.enterprises[application.enterprise]
    form = play.world.enterprises[application.enterprise - 1].form
    kept = {name: form[name] for name in form if name not in ("cooperative", "identifiers")}
    profile = {
        **kept,
        "products": [*form["products"], {"name": "produk baru (fiktif)"}],
        "code": "products-changed",
        "reason": "a new product (fictional)",
    }
    read = await play.api.read(applicant, f"registration/enterprises/{id}")
    address = f"registration/enterprises/{id}/profile"
    await play.api.command(applicant, address, profile, replaced=read["version"])
    await play.api.command(
        applicant,
        f"registration/applications/{play.application_id(application)}/revision",
        _declared(application),
    )


def _wants_correction(play: Play, application: Application) -> bool:
    enterprise = play.world.enterprises[application.enterprise - 1]
    unfiled = enterprise.late_document is not None and application.enterprise not in play.mended
    return unfiled or (application.corrected and application.capacity > 0)


async def _request_correction(play: Play, application: Application) -> None:
    request = {
        "fields": ["CAPACITY", "DOCUMENTS"],
        "reason": "a document or the capacity is missing",
    }
    address = f"registration/applications/{play.application_id(application)}/correction-request"
    await play.api.command(VERIFIER, address, request)


async def _correct(play: Play, application: Application) -> None:
    id, applicant = play.application_id(application), play.applicant(application)
    address = f"registration/applications/{id}"
    await _request_correction(play, application)
    document = play.world.enterprises[application.enterprise - 1].late_document
    if document is not None:
        await file_document(play, application.enterprise, applicant, document)
    await play.api.command(applicant, f"{address}/resubmission", {"capacity": application.capacity})


async def _verify(play: Play, application: Application) -> None:
    address = f"registration/applications/{play.application_id(application)}/verification"
    await play.api.command(VERIFIER, address, {})


async def _close_verification(play: Play, exhibition: Exhibition) -> None:
    await play.api.command(
        VERIFIER, f"registration/exhibitions/{exhibition.id}/verification-closure", {}
    )
