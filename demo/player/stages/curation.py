"""Curation: experts score, a ranking is proposed and approved by other eyes."""

import asyncio
from collections.abc import Sequence
from typing import Any

from demo import DemoError
from demo.fiction.applications import SHEETS, Application, Conduct
from demo.player.people import (
    APPROVER,
    SECRETARY,
    SECRETARY_AS_APPROVER,
    TECHNICAL_APPROVER,
    curator,
)
from demo.player.play import Play
from demo.player.screen import counted
from demo.player.stages.calls import withdraw
from demo.player.stages.questions import ask_what_if, explain
from demo.player.stages.relations import bar_related
from demo.programme_2018.exhibition import OVERSEAS, Exhibition

AT_ONCE = 200
"""So many candidates get their curators by one call."""


async def curate(play: Play, call: int) -> str:
    """From the list of candidates to approved selections."""
    exhibitions = play.of_call(call)
    listed = [
        application for exhibition in exhibitions for application in await _listed(play, exhibition)
    ]
    withdrawn = [
        application for application in listed if application.conduct is Conduct.WITHDRAWS_CANDIDATE
    ]
    await withdraw(play, withdrawn, "dates")
    scored = [
        application
        for application in listed
        if application.conduct is not Conduct.WITHDRAWS_CANDIDATE
    ]
    await play.each(exhibitions, lambda item: _assign(play, item, scored))
    related = await bar_related(play, exhibitions[0], scored) if call == 1 else ""
    await play.each(scored, lambda application: _score(play, application))
    await play.wait_until_idle()
    await play.each(exhibitions, lambda item: _step(play, item, "scoring-closure"))
    await play.wait_until_idle()
    story = await _return(play, exhibitions[0], scored) if call == 1 else ""
    voided = await _propose(play, exhibitions, scored)
    if call == 1:
        story += await _approve_alone(play, exhibitions[0])
        story += await ask_what_if(play, exhibitions[0])
    await play.each(exhibitions, lambda item: _approve(play, item))
    await play.wait_until_idle()
    story += await explain(play, exhibitions[0]) if call == 1 else ""
    figures = f"{len(withdrawn)} withdrew, " if withdrawn else ""
    return figures + await _figures(play, exhibitions, scored, voided) + related + story


async def read_rounds(play: Play, exhibitions: Sequence[Exhibition]) -> list[dict[str, Any]]:
    """Read the rounds of these exhibitions, in this order."""
    reads = (
        play.api.read(SECRETARY, f"selection/rounds/{exhibition.id}") for exhibition in exhibitions
    )
    return list(await asyncio.gather(*reads))


async def _listed(play: Play, exhibition: Exhibition) -> list[Application]:
    selection_round = await play.api.read(SECRETARY, f"selection/rounds/{exhibition.id}")
    return [play.application(id) for id in selection_round["listed"]]


async def _assign(play: Play, exhibition: Exhibition, scored: Sequence[Application]) -> None:
    panel = play.world.panels[exhibition.id]
    plan = [
        {
            "application": play.application_id(application),
            # A member with a conflict is assigned too, and another member scores instead of it.
            "curators": panel[: SHEETS + application.conflicted],
        }
        for application in scored
        if application.exhibition == exhibition.id
    ]
    address = f"selection/rounds/{exhibition.id}/assignments"
    for start in range(0, len(plan), AT_ONCE):
        part = plan[start : start + AT_ONCE]
        answer = await play.api.command(SECRETARY, address, {"assignments": part}, apart=f"{start}")
        if answer["refused"]:
            raise DemoError(f"These assignments were to be made: {answer['items']}")


async def _score(play: Play, application: Application) -> None:
    panel = play.world.panels[application.exhibition]
    scoring = range(1, SHEETS + 1) if application.conflicted else range(SHEETS)
    if application.conflicted:
        await _declare_conflict(play, application, panel[0])
    sheets = [(panel[index], application.sheets[index]) for index in scoring]
    await play.each(sheets, lambda sheet: _submit(play, application, *sheet))


async def _submit(
    play: Play, application: Application, member: str, levels: dict[str, int]
) -> None:
    address = f"selection/candidates/{play.application_id(application)}/score-sheets"
    await play.api.command(curator(member), address, {"levels": levels})


async def _declare_conflict(play: Play, application: Application, member: str) -> None:
    body = {"reason": "family business (fictional)"}
    address = f"selection/candidates/{play.application_id(application)}"
    await play.api.command(curator(member), f"{address}/conflicts", body)
    await play.api.refused(
        curator(member),
        f"{address}/score-sheets",
        {"levels": application.sheets[0]},
        code="curator-conflicted",
    )


async def _step(play: Play, exhibition: Exhibition, step: str, *, apart: str = "") -> None:
    await play.api.command(SECRETARY, f"selection/rounds/{exhibition.id}/{step}", {}, apart=apart)


async def _propose(
    play: Play, exhibitions: Sequence[Exhibition], scored: Sequence[Application]
) -> int:
    await play.each(exhibitions, lambda exhibition: _step(play, exhibition, "proposal"))
    withdrawn = [
        application for application in scored if application.conduct is Conduct.WITHDRAWS_PROPOSED
    ]
    await withdraw(play, withdrawn, "other-exhibition")
    await play.wait_until_idle()
    again = {application.exhibition for application in withdrawn}
    voided = [exhibition for exhibition in exhibitions if exhibition.id in again]
    await play.each(voided, lambda item: _step(play, item, "proposal", apart="again"))
    return len(voided)


async def _return(play: Play, exhibition: Exhibition, scored: Sequence[Application]) -> str:
    """Let the approver return a closed scoring, a curator moderate its sheet, and close again."""
    address = f"selection/rounds/{exhibition.id}/return"
    body = {"code": "other", "reason": "a question to the panel, which it has answered"}
    await play.api.command(APPROVER, address, body)
    await play.wait_until_idle()
    moderated = next(item for item in scored if item.exhibition == exhibition.id)
    await _moderate(play, moderated)
    await _step(play, exhibition, "scoring-closure", apart="again")
    await play.wait_until_idle()
    return "; a closed scoring was returned, a sheet moderated, and closed again"


async def _moderate(play: Play, application: Application) -> None:
    """Let a curator lower one level of its opened sheet, or raise the lowest."""
    panel = play.world.panels[application.exhibition]
    index = 1 if application.conflicted else 0
    levels = dict(application.sheets[index])
    criterion = min(levels)
    levels[criterion] = levels[criterion] - 1 or 2
    address = f"selection/candidates/{play.application_id(application)}/score-sheets/moderation"
    body = {"levels": levels, "code": "discussion", "reason": "discussed by the panel (fictional)"}
    await play.api.command(curator(panel[index]), address, body)


async def _approve(play: Play, exhibition: Exhibition) -> None:
    address = f"selection/rounds/{exhibition.id}"
    digest = (await play.api.read(APPROVER, f"{address}/proposal"))["digest"]
    if exhibition.scope == OVERSEAS:
        await play.api.command(TECHNICAL_APPROVER, f"{address}/approval", {"digest": digest})
    await play.api.command(APPROVER, f"{address}/approval", {"digest": digest})


async def _approve_alone(play: Play, exhibition: Exhibition) -> str:
    address = f"selection/rounds/{exhibition.id}"
    digest = (await play.api.read(SECRETARY, f"{address}/proposal"))["digest"]
    await play.api.refused(
        SECRETARY_AS_APPROVER, f"{address}/approval", {"digest": digest}, code="same-person"
    )
    return "; approving one's own proposal was refused"


async def _figures(
    play: Play, exhibitions: Sequence[Exhibition], scored: Sequence[Application], voided: int
) -> str:
    rounds = await read_rounds(play, exhibitions)
    seats = sum(len(selection_round["seats"]) for selection_round in rounds)
    reserves = sum(len(selection_round["reserve"]) for selection_round in rounds)
    waiting = sum(
        list(selection_round["seats"].values()).count("WAITING") for selection_round in rounds
    )
    conflicts = counted(sum(application.conflicted for application in scored), "conflict")
    figures = f"{SHEETS * len(scored):,} sealed sheets, {conflicts} declared; "
    figures += f"{seats} selected, {reserves} in reserve"
    if passed_over := await _passed_over(play, exhibitions):
        figures += f", {passed_over} passed over by a quota (kuota)"
    if voided:
        figures += f"; {counted(voided, 'proposal')} voided and made again"
    return figures + (f"; {counted(waiting, 'seat')} without money yet" if waiting else "")


async def _passed_over(play: Play, exhibitions: Sequence[Exhibition]) -> int:
    """Count the reserves that a quota keeps from a place which a lower rank gets."""
    proposals = [
        await play.api.read(SECRETARY, f"selection/rounds/{exhibition.id}/proposal")
        for exhibition in exhibitions
        if exhibition.quotas
    ]
    return sum(len(proposal["passed_over"]) for proposal in proposals)
