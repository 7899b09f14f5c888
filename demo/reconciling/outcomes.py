"""Outcomes: invariants 10 and 11 of the domain, against reporting's own figures."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from demo.reconciling.checks import Check, Evidence

Figures = Counter[tuple[str, str]]


def checks(report: dict[str, Any]) -> Iterator[Check]:
    """The checks of this module; `report` is the report of reporting's API."""
    yield Check(
        invariant=10,
        name="Rungs apart; no follow-up exceeds what it follows; devisa from the transaction",
        figures=_counted,
        differences=_outcomes,
    )
    yield Check(
        invariant=10,
        name="Reporting's outcomes = the outcomes",
        figures=lambda _: f"{len(report['outcomes'])} rungs and statuses",
        differences=lambda evidence: _reported(evidence, report),
    )
    yield Check(
        invariant=11,
        name="No target, no percentage",
        figures=lambda _: f"{len(report['achievement'])} targets and figures",
        differences=lambda _: _ratios(report),
    )


def _counted(evidence: Evidence) -> str:
    outcomes = evidence.books.states("outcome").values()
    follow_ups = sum(len(outcome.follow_ups) for outcome in outcomes)
    return f"{len(outcomes):,} results, {follow_ups} follow-ups"


def _outcomes(evidence: Evidence) -> Iterator[str]:
    for id, outcome in evidence.books.states("outcome").items():
        standing = [each for each in outcome.follow_ups.values() if each.status != "VOID"]
        if sum(each.amount_idr for each in standing) > outcome.amount_idr:
            yield f"{id}: its follow-ups exceed it"
        for posting in (outcome, *outcome.follow_ups.values()):
            worth = (posting.amount * posting.rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
            if posting.amount_idr != worth:
                yield f"{id}: {posting.amount} at {posting.rate} is not {posting.amount_idr}"
            if posting.devisa != (posting.currency != "IDR" or posting.buyer_country != "ID"):
                yield f"{id}: devisa does not follow from the transaction"


def _reported(evidence: Evidence, report: dict[str, Any]) -> Iterator[str]:
    counted, amounts = Figures(), Figures()
    for outcome in evidence.books.states("outcome").values():
        follow_ups = (("FOLLOW_UP_REALISED", each) for each in outcome.follow_ups.values())
        for rung, posting in ((str(outcome.rung), outcome), *follow_ups):
            if posting.status != "VOID":
                counted[rung, str(posting.status)] += 1
                amounts[rung, str(posting.status)] += posting.amount_idr
    shown = {(outcome["rung"], outcome["status"]): outcome for outcome in report["outcomes"]}
    for place in sorted({*counted, *shown}):
        row = shown.get(place, {"count": 0, "amount_idr": 0})
        if (row["count"], row["amount_idr"]) != (counted[place], amounts[place]):
            yield f"{'/'.join(place)}: {row['count']} reported, {counted[place]} are there"


def _ratios(report: dict[str, Any]) -> Iterator[str]:
    for row in report["achievement"]:
        target, percent = row["target"], row["percent"]
        expected = None
        if target:
            expected = (Decimal(row["realised"]) * 100 / target).quantize(
                Decimal("0.01"), rounding=ROUND_HALF_UP
            )
        if (None if percent is None else Decimal(percent)) != expected:
            yield f"{row['scope']} {row['indicator']}: {percent}, not {expected}"
