"""Outcomes: invariant 10, and the outcomes that reporting's API shows."""

from collections.abc import Iterator
from decimal import Decimal

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.check import Check, Evidence, paired, unequal, unlisted
from gelar.checking.invariants.recount.applications import applications
from gelar.checking.invariants.recount.outcomes import (
    STATUSES,
    Outcome,
    Posting,
    outcome_of,
    outcomes,
    steps,
)

PARENTS = frozenset({"ORDER_ON_SITE", "TRADE_CONTRACT", "POTENTIAL"})


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=10,
        name="Follow-ups never exceed their outcome",
        compared=_compared,
        differences=_follow_ups,
    )
    yield Check(
        invariant=10,
        name="Devisa follows from the buyer and the currency",
        compared=_compared,
        differences=_devisa,
    )
    yield Check(
        invariant=10,
        name="Every judgement states the rung and amount of what it judges",
        compared=_compared,
        differences=_judgements,
    )
    yield Check(
        invariant=10,
        name="Only a participant that attended has outcomes",
        compared=_compared,
        differences=_not_attended,
    )
    yield Check(
        name="Reporting's outcomes = their events",
        compared=lambda evidence: f"{len(evidence.answers.outcomes):,} outcomes",
        differences=_outcomes,
    )


def _compared(evidence: Evidence) -> str:
    found = outcomes(evidence.topics).values()
    return f"{len(found):,} outcomes, {sum(len(item.follow_ups) for item in found):,} follow-ups"


def _follow_ups(evidence: Evidence) -> Iterator[str]:
    for id, outcome in outcomes(evidence.topics).items():
        yield from _over_the_whole(id, outcome)
        if outcome.follow_ups and outcome.rung not in PARENTS:
            yield f"{id}: a {outcome.rung} has no follow-ups"
        if outcome.own.status == "VOID" and outcome.followed_up_idr:
            yield f"{id} is void, its follow-ups are not"
    for fact in evidence.topics.each("outcome", "outcome-reported", "follow-up-reported"):
        is_follow_up = fact.word == "follow-up-reported"
        if is_follow_up != (fact.data["rung"] == "FOLLOW_UP_REALISED"):
            yield f"{fact.id} has the rung {fact.data['rung']}"


def _over_the_whole(id: str, outcome: Outcome) -> Iterator[str]:
    whole, followed_up = outcome.own, sum(part.amount for part in outcome.counted)
    if followed_up > whole.amount or outcome.followed_up_idr > whole.amount_idr:
        yield f"{id}: its follow-ups exceed it"
    if followed_up == whole.amount and outcome.followed_up_idr != whole.amount_idr:
        yield f"{id}: its follow-ups are all of it, but not all of its rupiah"
    for part in outcome.follow_ups.values():
        for name in ("currency", "rate", "rate_on"):
            yield from unequal(f"{id} follow-up {name}", whole.data[name], part.data[name])


def _judgements(evidence: Evidence) -> Iterator[str]:
    for id, facts in evidence.topics.of("outcome").items():
        for fact, outcome in steps(id, facts):
            if fact.word not in STATUSES:
                continue
            follow_up = fact.data["follow_up"]
            posting = outcome.follow_ups[follow_up] if follow_up else outcome.own
            expected = {
                "rung": "FOLLOW_UP_REALISED" if follow_up else outcome.rung,
                "amount_idr": posting.amount_idr,
                "devisa": posting.devisa,
            }
            for name, value in expected.items():
                yield from unequal(f"{fact.id} {name}", value, fact.data[name])


def _devisa(evidence: Evidence) -> Iterator[str]:
    for id, outcome in outcomes(evidence.topics).items():
        for _, posting in outcome.postings():
            if posting.data["devisa"] != posting.devisa:
                yield f"{id}: devisa does not follow from its buyer and currency"


def _not_attended(evidence: Evidence) -> Iterator[str]:
    applied = applications(evidence.topics)
    for id, outcome in outcomes(evidence.topics).items():
        applicant = outcome.applicant
        application = applied[f"{applicant['exhibition']}.{applicant['enterprise']}"]
        if "participant-attended" not in application.words:
            yield f"{id}: {application.id} is {application.status}"


def _outcomes(evidence: Evidence) -> Iterator[str]:
    shown = evidence.answers.outcomes
    yield from unlisted(evidence.topics.of("outcome"), shown)
    for id, facts, item in paired(evidence.topics.of("outcome"), shown):
        outcome = outcome_of(id, facts)
        yield from unequal(f"{id} rung", outcome.rung, item["rung"])
        yield from unequal(f"{id} applicant", outcome.applicant, item["applicant"])
        yield from _posting(id, outcome.own, item)
        yield from unequal(
            f"{id} follow-ups", sorted(outcome.follow_ups), sorted(item["follow_ups"])
        )
        for name, posting in outcome.follow_ups.items():
            yield from _posting(f"{id} {name}", posting, item["follow_ups"][name])


def _posting(what: str, posting: Posting, item: Item) -> Iterator[str]:
    yield from unequal(f"{what} status", posting.status, item["status"])
    names = (
        *("occurred_on", "currency", "buyer_country", "rate_source", "rate_on", "amount_idr"),
        *("devisa", "not_a_double"),
    )
    for name in names:
        yield from unequal(f"{what} {name}", posting.data[name], item[name])
    for name in ("amount", "rate"):
        # The same number may have more zeros at its end.
        if Decimal(posting.data[name]) != Decimal(item[name]) or not isinstance(item[name], str):
            yield from unequal(f"{what} {name}", posting.data[name], item[name])
