"""The results: reported by participants at the rates of their days, followed up, and judged."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.fiction.applications import Application, Conduct
from demo.fiction.sales import Sale
from demo.player.people import RATE_OFFICER, REPORTER
from demo.player.play import Play, Posted
from demo.player.stages.curation import read_rounds
from demo.player.stages.rates import fix_rates
from demo.programme_2018.exhibition import Exhibition

FOLLOWED_ON = date(2018, 12, 17)
"""The day on which the follow-ups were delivered and paid (ours)."""

JUDGEMENTS = {
    "verified": (
        "verification",
        {"kind_of_evidence": "invoice", "evidence": "invoice and photograph (fictional)"},
    ),
    "disputed": (
        "dispute",
        {"code": "wrong-amount", "reason": "the invoice names another amount (fictional)"},
    ),
    "void": ("void", {"code": "reported-twice", "reason": "reported twice (fictional)"}),
}


async def post_results(play: Play, exhibitions: Sequence[Exhibition]) -> int:
    """Participants who attended report their sales; return the number of results."""
    await fix_rates(play, exhibitions)
    rounds = await read_rounds(play, exhibitions)
    attended = [
        item
        for selection_round in rounds
        for item in map(play.application, selection_round["decree"]["annex"])
        if item.conduct is not Conduct.NO_SHOW
    ]
    sales = [
        (application, number)
        for application in attended
        for number in range(len(application.sales))
    ]
    await play.each(sales, lambda pair: _post(play, *pair))
    return len(sales)


async def follow_up(play: Play) -> str:
    """Months later: what was ordered is delivered and paid, in part."""
    followed = [result for result in play.posted if result.sale.follow_up]
    await play.each(followed, lambda result: _follow_up(play, result))
    return f"{len(followed)} of {len(play.posted)} results were followed up"


async def judge(play: Play) -> str:
    """The reporting officer sees the evidence."""
    judged = [result for result in play.posted if result.sale.judgement in JUDGEMENTS]
    await _try_alone(play, judged)
    await play.each(judged, lambda result: _judge(play, result))
    followed = [result for result in judged if result.sale.follow_up]
    await play.each(followed, lambda result: _verify_follow_ups(play, result))
    counts = {name: sum(result.sale.judgement == name for result in judged) for name in JUDGEMENTS}
    figures = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{figures}; {len(followed)} of the follow-ups verified too"


async def _post(play: Play, application: Application, number: int) -> None:
    sale = application.sales[number]
    id = play.application_id(application)
    before = [_as_reported(id, each) for each in application.sales[:number]]
    body = _as_reported(id, sale)
    if body in before:
        body |= {"not_a_double": True}
    answer = await play.api.command(
        play.applicant(application), "reporting/outcomes", body, apart=f"{id}/{number}"
    )
    play.posted.append(Posted(id=answer["id"], application=application, sale=sale))


async def _follow_up(play: Play, posted: Posted) -> None:
    body = {
        "occurred_on": FOLLOWED_ON.isoformat(),
        "amount": str(posted.sale.follow_up),
        "currency": posted.sale.currency,
        "buyer_country": posted.sale.buyer_country,
    }
    address = f"reporting/outcomes/{posted.id}/follow-ups"
    await play.api.command(play.applicant(posted.application), address, body)


async def _try_alone(play: Play, judged: Sequence[Posted]) -> None:
    """Try what needs another person, and a sale that is entered twice: both are refused."""
    twice = judged[0]
    body = _as_reported(play.application_id(twice.application), twice.sale)
    await play.api.refused(REPORTER, "reporting/outcomes", body, code="possible-double-entry")
    foreign = next(each for each in judged if each.sale.currency != "IDR")
    act, evidence = JUDGEMENTS["verified"]
    address = f"reporting/outcomes/{foreign.id}/{act}"
    await play.api.refused(RATE_OFFICER, address, evidence, code="same-person")


async def _judge(play: Play, posted: Posted) -> None:
    act, body = JUDGEMENTS[posted.sale.judgement]
    await play.api.command(REPORTER, f"reporting/outcomes/{posted.id}/{act}", body)


async def _verify_follow_ups(play: Play, posted: Posted) -> None:
    act, body = JUDGEMENTS["verified"]
    address = f"reporting/outcomes/{posted.id}"
    for follow_up in (await play.api.read(REPORTER, address))["follow_ups"]:
        judged = body | {"follow_up": follow_up}
        await play.api.command(REPORTER, f"{address}/{act}", judged, apart=follow_up)


def _as_reported(application: str, sale: Sale) -> dict[str, Any]:
    return {
        "application": application,
        "rung": sale.rung,
        "occurred_on": sale.occurred_on.isoformat(),
        "amount": str(sale.amount),
        "currency": sale.currency,
        "buyer_country": sale.buyer_country,
    }
