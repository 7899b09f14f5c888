"""Rates and the reports that use them: the people, the days, the rupiah, what is asked about.

Parts of the invariants 6, 8 and 10.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from gelar.checking.invariants.calendar import day_of, zones
from gelar.checking.invariants.check import Check, Evidence, unequal
from gelar.checking.invariants.recount.applications import applications
from gelar.checking.invariants.recount.outcomes import Outcome, Posting, outcomes, steps
from gelar.checking.invariants.recount.rates import FixedRate, confirmations, fixed_rates
from gelar.checking.invariants.topics import Data, Fact

MILLION = 10**6
LARGE = {
    "RETAIL_SALE": {"MICRO": 150, "SMALL": 500, "MEDIUM": 2_500},
    "ORDER_ON_SITE": {"MICRO": 500, "SMALL": 2_500, "MEDIUM": 10_000},
    "TRADE_CONTRACT": {"MICRO": 1_000, "SMALL": 5_000, "MEDIUM": 50_000},
    "POTENTIAL": {"MICRO": 2_000, "SMALL": 10_000, "MEDIUM": 50_000},
}
"""An outcome above so many million rupiah is asked about."""
MONTHS = {"RETAIL_SALE": 1, "ORDER_ON_SITE": 6, "TRADE_CONTRACT": 12, "POTENTIAL": 24}
"""An outcome above what the capacity makes in so many months, at 10 million a unit, is too."""
REPORTS = ("outcome-reported", "follow-up-reported")


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=6,
        name="The verifier of a result neither reported it nor fixed its rate",
        compared=lambda evidence: f"{len(_verified(evidence)):,} verified results",
        differences=_verifiers,
    )
    yield Check(
        invariant=6,
        name="A proposed rate is confirmed by another person",
        compared=lambda evidence: f"{len(list(confirmations(evidence.topics))):,} confirmed rates",
        differences=_confirmed_alone,
    )
    yield Check(
        invariant=8,
        name="Every amount is currency x rate in whole rupiah, by the rate that was fixed",
        compared=_compared,
        differences=_amounts,
    )
    yield Check(
        invariant=8,
        name="Every restatement reverses the rupiah before it, at a corrected rate",
        compared=_restatements_compared,
        differences=_restatements,
    )
    yield Check(
        invariant=8,
        name="Every result is of a day of its show, or after it, at the rate of that day",
        compared=_compared,
        differences=_days,
    )
    yield Check(
        invariant=10,
        name="No equal sale and no large amount counts without the word of its reporter",
        compared=_compared,
        differences=_unasked,
    )


def _compared(evidence: Evidence) -> str:
    found = outcomes(evidence.topics).values()
    return f"{len(found):,} outcomes, {sum(len(item.follow_ups) for item in found):,} follow-ups"


def _verified(evidence: Evidence) -> list[Fact]:
    return list(evidence.topics.each("outcome", "outcome-verified"))


def _verifiers(evidence: Evidence) -> Iterator[str]:
    fixed = fixed_rates(evidence.topics)
    for id, facts in evidence.topics.of("outcome").items():
        reporters: dict[str | None, str] = {}
        for fact, outcome in steps(id, facts):
            if fact.word in REPORTS:
                reporters[fact.data.get("follow_up")] = fact.actor
            if fact.word != "outcome-verified":
                continue
            if fact.actor == reporters[fact.data["follow_up"]]:
                yield f"{fact.id}: {fact.actor} reported what it verifies"
            data = outcome.own.data
            for rate in fixed.get((data["currency"], data["rate_on"]), ()):
                if (rate.rate, rate.person) == (Decimal(data["rate"]), fact.actor):
                    yield f"{fact.id}: {fact.actor} fixed the rate of what it verifies"


def _confirmed_alone(evidence: Evidence) -> Iterator[str]:
    for proposed, fact in confirmations(evidence.topics):
        if proposed.actor == fact.actor:
            yield f"{fact.id}: {fact.actor} confirmed its own rate"
        for name in ("rate", "source"):
            yield from unequal(f"{fact.id} {name}", proposed.data[name], fact.data[name])


def _amounts(evidence: Evidence) -> Iterator[str]:
    fixed = fixed_rates(evidence.topics)
    for id, outcome in outcomes(evidence.topics).items():
        for _, posting in outcome.postings():
            data = posting.data
            worth = (Decimal(data["amount"]) * Decimal(data["rate"])).quantize(
                Decimal(1), rounding=ROUND_HALF_UP
            )
            if not _is_worth(data["amount_idr"], worth, outcome, posting):
                yield f"{id}: {data['amount']} at {data['rate']} is not Rp {data['amount_idr']:,}"
            used = Decimal(data["rate"]), data["rate_source"]
            if used not in _rates_of(outcome, data, fixed):
                yield f"{id}: {data['currency']} has another rate than {used[0]} on its day"


def _rates_of(
    outcome: Outcome, data: Data, fixed: dict[tuple[str, str], list[FixedRate]]
) -> list[tuple[Decimal, str]]:
    if data["currency"] == "IDR":
        return [(Decimal(1), "IDR")]
    rates = [(rate.rate, rate.source) for rate in fixed[data["currency"], data["rate_on"]]]
    # A void outcome no longer counts, so it is not restated.
    return rates if outcome.own.status == "VOID" else rates[-1:]


def _is_worth(amount_idr: int, worth: Decimal, outcome: Outcome, posting: Posting) -> bool:
    # The last follow-up takes what the rounding of the others has left.
    rounded = 0 if posting is outcome.own else len(outcome.follow_ups)
    return abs(amount_idr - worth) <= rounded


def _restatements_compared(evidence: Evidence) -> str:
    corrected = sum(1 for _ in evidence.topics.each("rate", "rate-corrected"))
    restated = sum(1 for _ in evidence.topics.each("outcome", "outcome-restated"))
    return f"{corrected:,} corrected rates, {restated:,} restated outcomes"


def _restatements(evidence: Evidence) -> Iterator[str]:
    for id, facts in evidence.topics.of("outcome").items():
        before: dict[str | None, int] = {}
        rate = Decimal(0)
        for fact, outcome in steps(id, facts):
            if fact.word == "outcome-restated":
                data = fact.data
                stated = {part["follow_up"]: part["before_idr"] for part in data["follow_ups"]}
                yield from unequal(
                    f"{fact.id} before",
                    _by_text(before),
                    _by_text({None: data["before_idr"], **stated}),
                )
                if Decimal(data["before_rate"]) != rate:
                    yield f"{fact.id}: the rate before was {rate}"
            before = {None: outcome.own.amount_idr}
            before |= {name: part.amount_idr for name, part in outcome.follow_ups.items()}
            rate = Decimal(outcome.own.data["rate"])


def _by_text(amounts: dict[str | None, int]) -> dict[str, int]:
    return {name or "": amount for name, amount in amounts.items()}


def _days(evidence: Evidence) -> Iterator[str]:
    plans = {
        fact.subject: fact.data
        for fact in evidence.topics.each(
            "exhibition", "exhibition-planned", "exhibition-rescheduled"
        )
    }
    hosts = zones(evidence.topics)
    for fact in evidence.topics.each("outcome", *REPORTS):
        data, plan = fact.data, plans[fact.data["applicant"]["exhibition"]]
        day, last = date.fromisoformat(data["occurred_on"]), date.fromisoformat(plan["ends_on"])
        if day_of(fact, hosts[fact.data["applicant"]["exhibition"]]) < day:
            yield f"{fact.id}: {day} had not come"
        if fact.word == "follow-up-reported":
            if day <= last:
                yield f"{fact.id}: {day} is not after the show, which ends on {last}"
            continue
        if not date.fromisoformat(plan["starts_on"]) <= day <= last:
            yield f"{fact.id}: {day} is no day of the show"
        back = 0 if data["currency"] == "IDR" else max(0, day.isoweekday() - 5)
        yield from unequal(
            f"{fact.id} rate_on", (day - timedelta(days=back)).isoformat(), data["rate_on"]
        )


def _unasked(evidence: Evidence) -> Iterator[str]:
    applied = applications(evidence.topics)
    equal: Counter[tuple[str, ...]] = Counter()
    for id, outcome in outcomes(evidence.topics).items():
        data = evidence.topics.of("outcome")[id][0].data
        applicant = data["applicant"]
        capacity = applied[f"{applicant['exhibition']}.{applicant['enterprise']}"].frozen[
            "capacity"
        ]
        bound = LARGE[outcome.rung][applicant["size_class"]] * MILLION
        if capacity:
            bound = min(bound, capacity * MONTHS[outcome.rung] * 10 * MILLION)
        if data["amount_idr"] > bound and not data["confirmed"]:
            yield f"{id}: Rp {data['amount_idr']:,} is above Rp {bound:,} and was not confirmed"
        if outcome.own.status != "VOID" and not data["not_a_double"]:
            equal[_sale(data)] += 1
    for sale, count in equal.items():
        if count > 1:
            yield f"{' '.join(sale)} was reported {count} times as if it were the first"


def _sale(data: Data) -> tuple[str, ...]:
    applicant = data["applicant"]
    amount = f"{Decimal(data['amount']).normalize():f}"
    names = ("rung", "occurred_on", "currency", "buyer_country")
    return applicant["exhibition"], applicant["enterprise"], amount, *(data[name] for name in names)
