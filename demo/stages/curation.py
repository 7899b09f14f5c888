"""Curation: experts score, a ranking is proposed and approved by other eyes."""

import asyncio
from collections.abc import Sequence
from typing import Any

from demo.applications import SHEETS, Application, Conduct
from demo.exhibitions import Exhibition
from demo.people import APPROVER, SECRETARY, SECRETARY_AS_APPROVER, curator
from demo.play import Play
from demo.screen import counted
from demo.stages.calls import withdraw


async def curate(play: Play, call: int) -> str:
    """From the list of candidates to approved selections."""
    exhibitions = play.of_call(call)
    listed = [one for exhibition in exhibitions for one in await _listed(play, exhibition)]
    gone = [one for one in listed if one.conduct is Conduct.WITHDRAWS_CANDIDATE]
    await withdraw(play, gone, "cannot wait")
    scored = [one for one in listed if one.conduct is not Conduct.WITHDRAWS_CANDIDATE]
    await play.each(scored, lambda one: _score(play, one))
    await play.settle()
    await play.each(exhibitions, lambda one: _step(play, one, "scoring-closure"))
    await play.settle()
    voided = await _propose(play, exhibitions, scored)
    refusal = await _approve_alone(play, exhibitions[0]) if call == 1 else ""
    await play.each(exhibitions, lambda one: _approve(play, one))
    await play.settle()
    told = f"{len(gone)} withdrew, " if gone else ""
    return told + await _figures(play, exhibitions, scored, voided) + refusal


async def read_rounds(play: Play, exhibitions: Sequence[Exhibition]) -> list[dict[str, Any]]:
    """The rounds as they stand, in this order."""
    reads = (play.api.read(SECRETARY, f"selection/rounds/{one.id}") for one in exhibitions)
    return list(await asyncio.gather(*reads))


async def _listed(play: Play, exhibition: Exhibition) -> list[Application]:
    shown = await play.api.read(SECRETARY, f"selection/rounds/{exhibition.id}")
    return [play.application(id) for id in shown["listed"]]


async def _score(play: Play, one: Application) -> None:
    panel = play.world.panels[one.exhibition]
    scoring = range(1, SHEETS + 1) if one.conflicted else range(SHEETS)
    if one.conflicted:
        await _declare_conflict(play, one, panel[0])
    members = [panel[index] for index in scoring]
    await play.each(members, lambda member: _assign(play, one, member))
    sheets = [(panel[index], one.sheets[index]) for index in scoring]
    await play.each(sheets, lambda sheet: _submit(play, one, *sheet))


async def _assign(play: Play, one: Application, member: str) -> None:
    address = f"selection/candidates/{play.application_id(one)}/assignments"
    await play.api.command(SECRETARY, address, {"curator": member}, apart=member)


async def _submit(play: Play, one: Application, member: str, levels: dict[str, int]) -> None:
    address = f"selection/candidates/{play.application_id(one)}/score-sheets"
    await play.api.command(curator(member), address, {"levels": levels})


async def _declare_conflict(play: Play, one: Application, member: str) -> None:
    await _assign(play, one, member)
    body = {"reason": "family business (fictional)"}
    address = f"selection/candidates/{play.application_id(one)}"
    await play.api.command(curator(member), f"{address}/conflicts", body)
    await play.api.refused(
        curator(member),
        f"{address}/score-sheets",
        {"levels": one.sheets[0]},
        code="curator-conflicted",
    )


async def _step(play: Play, one: Exhibition, step: str, *, apart: str = "") -> None:
    await play.api.command(SECRETARY, f"selection/rounds/{one.id}/{step}", {}, apart=apart)


async def _propose(
    play: Play, exhibitions: Sequence[Exhibition], scored: Sequence[Application]
) -> int:
    await play.each(exhibitions, lambda one: _step(play, one, "proposal"))
    gone = [one for one in scored if one.conduct is Conduct.WITHDRAWS_PROPOSED]
    await withdraw(play, gone, "received another offer")
    await play.settle()
    again = {one.exhibition for one in gone}
    voided = [one for one in exhibitions if one.id in again]
    await play.each(voided, lambda one: _step(play, one, "proposal", apart="again"))
    return len(voided)


async def _approve(play: Play, one: Exhibition) -> None:
    address = f"selection/rounds/{one.id}"
    digest = (await play.api.read(APPROVER, f"{address}/proposal"))["digest"]
    await play.api.command(APPROVER, f"{address}/approval", {"digest": digest})


async def _approve_alone(play: Play, one: Exhibition) -> str:
    address = f"selection/rounds/{one.id}"
    digest = (await play.api.read(SECRETARY, f"{address}/proposal"))["digest"]
    await play.api.refused(
        SECRETARY_AS_APPROVER, f"{address}/approval", {"digest": digest}, code="four-eyes"
    )
    return "; approving one's own proposal was refused"


async def _figures(
    play: Play, exhibitions: Sequence[Exhibition], scored: Sequence[Application], voided: int
) -> str:
    rounds = await read_rounds(play, exhibitions)
    seats = sum(len(one["seats"]) for one in rounds)
    reserves = sum(len(one["reserve"]) for one in rounds)
    waiting = sum(list(one["seats"].values()).count("WAITING") for one in rounds)
    conflicts = counted(sum(one.conflicted for one in scored), "conflict")
    told = f"{SHEETS * len(scored):,} sealed sheets, {conflicts} declared; "
    told += f"{seats} selected, {reserves} in reserve"
    if voided:
        told += f"; {counted(voided, 'proposal')} voided and made again"
    return told + (f"; {counted(waiting, 'seat')} without money yet" if waiting else "")
