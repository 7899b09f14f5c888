"""The programme is announced: targets, rubric, envelopes, calendar; then enterprises register."""

from typing import Any

from pydantic import TypeAdapter

from demo.enterprises import Enterprise
from demo.exhibitions import Exhibition
from demo.people import (
    PROGRAMME_OFFICER,
    SECRETARY,
    TREASURER,
    representative,
)
from demo.play import Play
from demo.programme import DIPA, DOCUMENT, PAGU_IDR, TARGETS, TITLE, YEAR
from services.selection.domain.rubric.decider import PublishRubric
from services.selection.domain.rubric.default import DEFAULT_RUBRIC

RUBRIC: dict[str, Any] = TypeAdapter(PublishRubric).dump_python(DEFAULT_RUBRIC, mode="json")


async def announce(play: Play) -> str:
    """Programme, rubric, envelopes and calendar."""
    programme = {
        "programme": YEAR,
        "title": TITLE,
        "targets": list(TARGETS),
        "document_number": DOCUMENT,
    }
    await play.api.command(PROGRAMME_OFFICER, "registration/programmes", programme)
    await play.api.command(SECRETARY, "selection/rubrics", RUBRIC)
    await play.each(PAGU_IDR, lambda scope: _open_envelope(play, scope))
    await play.each(play.programme.exhibitions, lambda one: _plan(play, one))
    held = play.programme.held
    illustrative = sum(one.illustrative for one in play.programme.exhibitions)
    pagu = " and ".join(f"Rp {idr:,} {scope.lower()}" for scope, idr in PAGU_IDR.items())
    return (
        f"{len(TARGETS)} targets; pagu {pagu}; "
        f"{len(play.programme.exhibitions)} exhibitions planned ({illustrative} illustrative), "
        f"{sum(one.places for one in held)} places at the {len(held)} that will be held"
    )


async def enrol(play: Play) -> str:
    """Enterprises register and file their documents."""
    await play.each(play.world.enterprises, lambda one: _register(play, one))
    documents = sum(len(one.documents) for one in play.world.enterprises)
    cooperatives = sum(one.form["cooperative"] for one in play.world.enterprises)
    return (
        f"{len(play.world.enterprises):,} fictional enterprises, {cooperatives} of them "
        f"cooperatives, with {documents:,} documents"
    )


async def _open_envelope(play: Play, scope: str) -> None:
    envelope = {
        "programme": YEAR,
        "scope": scope,
        "pagu_idr": PAGU_IDR[scope],
        "document_number": DIPA,
    }
    await play.api.command(TREASURER, "budget/envelopes", envelope, apart=scope)


async def _plan(play: Play, one: Exhibition) -> None:
    proposed = {
        "exhibition": one.id,
        "programme": YEAR,
        "scope": one.scope,
        "name": one.name,
        "city": one.city,
        "country": one.country,
        "organiser": one.organiser,
        "sectors": list(one.sectors),
        "alternatives": list(one.alternatives),
        "illustrative": one.illustrative,
    }
    planned = {
        "venue": one.venue,
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "places": one.places,
    }
    address = "registration/exhibitions"
    await play.api.command(PROGRAMME_OFFICER, address, proposed, apart=one.id)
    await play.api.command(PROGRAMME_OFFICER, f"{address}/{one.id}/plan", planned)


async def _register(play: Play, one: Enterprise) -> None:
    applicant = representative(one.representative)
    address = "registration/enterprises"
    answer = await play.api.command(applicant, address, one.form, apart=str(one.number))
    play.enterprise_registered(one.number, answer["id"])
    registered = representative(one.representative, answer["id"])
    for document in one.documents:
        await play.api.command(
            registered,
            f"{address}/{answer['id']}/documents",
            document,
            apart=document["document"],
        )
