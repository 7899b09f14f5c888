"""The results: rates fixed, outcomes reported by participants, followed up, and judged."""

from collections.abc import Iterable, Sequence

from demo.fiction.applications import Application, Conduct
from demo.fiction.sales import Sale
from demo.player.people import REPORTER
from demo.player.play import Play, Posted
from demo.player.stages.curation import read_rounds
from demo.programme_2018.exhibitions import Exhibition, Fixing

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
    await play.each(_fixings(exhibitions), lambda fixing: _fix(play, fixing))
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
    await play.each(judged, lambda result: _judge(play, result))
    followed = [result for result in judged if result.sale.follow_up]
    await play.each(followed, lambda result: _verify_follow_ups(play, result))
    counts = {name: sum(result.sale.judgement == name for result in judged) for name in JUDGEMENTS}
    figures = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{figures}; {len(followed)} of the follow-ups verified too"


def _fixings(exhibitions: Iterable[Exhibition]) -> list[Fixing]:
    return [fixing for exhibition in exhibitions for fixing in exhibition.fixings]


async def _fix(play: Play, fixing: Fixing) -> None:
    body = {
        "currency": fixing.currency,
        "fixed_on": fixing.on.isoformat(),
        "rate": str(fixing.rate),
        "source": fixing.source,
    }
    apart = f"{fixing.currency}/{fixing.on}"
    await play.api.command(REPORTER, "reporting/rates", body, apart=apart)


async def _post(play: Play, application: Application, number: int) -> None:
    sale = application.sales[number]
    id = play.application_id(application)
    body = {
        "application": id,
        "rung": sale.rung,
        "buyer_country": sale.buyer_country,
        **_worth(sale, str(sale.amount)),
    }
    answer = await play.api.command(
        play.applicant(application), "reporting/outcomes", body, apart=f"{id}/{number}"
    )
    play.posted.append(Posted(id=answer["id"], application=application, sale=sale))


async def _follow_up(play: Play, posted: Posted) -> None:
    body = {
        "amount": str(posted.sale.follow_up),
        "currency": posted.sale.currency,
        "buyer_country": posted.sale.buyer_country,
    }
    address = f"reporting/outcomes/{posted.id}/follow-ups"
    await play.api.command(play.applicant(posted.application), address, body)


async def _judge(play: Play, posted: Posted) -> None:
    act, body = JUDGEMENTS[posted.sale.judgement]
    await play.api.command(REPORTER, f"reporting/outcomes/{posted.id}/{act}", body)


async def _verify_follow_ups(play: Play, posted: Posted) -> None:
    act, body = JUDGEMENTS["verified"]
    address = f"reporting/outcomes/{posted.id}"
    for follow_up in (await play.api.read(REPORTER, address))["follow_ups"]:
        judged = body | {"follow_up": follow_up}
        await play.api.command(REPORTER, f"{address}/{act}", judged, apart=follow_up)


def _worth(sale: Sale, amount: str) -> dict[str, str]:
    worth = {"amount": amount, "currency": sale.currency}
    if sale.rate_on is not None:
        worth["rate_on"] = sale.rate_on.isoformat()
    return worth
