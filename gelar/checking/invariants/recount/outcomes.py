"""Outcomes and their follow-ups, as their events leave them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from gelar.checking.invariants.topics import Data, Fact, Topics

STATUSES = {
    "outcome-verified": "VERIFIED",
    "outcome-disputed": "DISPUTED",
    "outcome-voided": "VOID",
}


@dataclass(kw_only=True)
class Posting:
    """A reported amount: that of an outcome, or that of a follow-up; `data` as last restated."""

    data: Data
    status: str = "REPORTED"

    @property
    def amount_idr(self) -> int:
        """Return the rupiah at its rate."""
        return int(self.data["amount_idr"])

    @property
    def amount(self) -> Decimal:
        """Return the amount in its own currency."""
        return Decimal(self.data["amount"])

    @property
    def devisa(self) -> bool:
        """Return True if the buyer or the currency is foreign."""
        return bool(self.data["currency"] != "IDR" or self.data["buyer_country"] != "ID")


@dataclass(kw_only=True)
class Outcome:
    """An outcome with its follow-ups by id."""

    id: str
    own: Posting
    applicant: Data
    rung: str
    follow_ups: dict[str, Posting] = field(default_factory=dict)

    @property
    def counted(self) -> list[Posting]:
        """Return the follow-ups that are not void."""
        return [posting for posting in self.follow_ups.values() if posting.status != "VOID"]

    @property
    def followed_up_idr(self) -> int:
        """Return the rupiah of the follow-ups that are not void."""
        return sum(posting.amount_idr for posting in self.counted)

    @property
    def rest_idr(self) -> int:
        """Return the rupiah that no follow-up has replaced."""
        return self.own.amount_idr - self.followed_up_idr

    def postings(self) -> list[tuple[str, Posting]]:
        """Return every posting with its rung."""
        follow_ups = [("FOLLOW_UP_REALISED", posting) for posting in self.follow_ups.values()]
        return [(self.rung, self.own), *follow_ups]


def outcome_of(id: str, facts: Iterable[Fact]) -> Outcome:
    """Return an outcome after these events; the first one reports it."""
    *_, (_, outcome) = steps(id, facts)
    return outcome


def steps(id: str, facts: Iterable[Fact]) -> Iterator[tuple[Fact, Outcome]]:
    """Yield each event with the outcome after it, which the next event changes."""
    first, *others = facts
    outcome = Outcome(
        id=id,
        own=Posting(data=dict(first.data)),
        applicant=first.data["applicant"],
        rung=first.data["rung"],
    )
    yield first, outcome
    for fact in others:
        _apply(outcome, fact)
        yield fact, outcome


def _apply(outcome: Outcome, fact: Fact) -> None:
    if fact.word == "follow-up-reported":
        outcome.follow_ups[fact.data["follow_up"]] = Posting(data=dict(fact.data))
    elif fact.word == "outcome-restated":
        rate = {name: fact.data[name] for name in ("rate", "rate_source")}
        outcome.own.data |= rate | {"amount_idr": fact.data["amount_idr"]}
        for part in fact.data["follow_ups"]:
            changed = rate | {"amount_idr": part["amount_idr"]}
            outcome.follow_ups[part["follow_up"]].data |= changed
    else:
        follow_up = fact.data["follow_up"]
        judged = outcome.follow_ups[follow_up] if follow_up else outcome.own
        judged.status = STATUSES[fact.word]


@lru_cache(maxsize=2)
def outcomes(topics: Topics) -> dict[str, Outcome]:
    """Return all outcomes by id."""
    return {id: outcome_of(id, facts) for id, facts in topics.of("outcome").items()}
