"""Seats and selections: invariants 1, 5 and 6 of the domain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.reconciling.checks import Check, Evidence
from demo.reconciling.published import data_of, word_of
from services.selection.domain.selection_round.proposal import sealed_candidate
from services.selection.domain.selection_round.ranking import Standing, Terms, digest_of, ranked
from services.selection.domain.selection_round.state import Round
from shared.kernel.wire import EventFrame

REPLACED = frozenset({"withdrawn", "declined", "expired", "sanction", "other"})


def checks() -> Iterator[Check]:
    """The checks of this module."""
    yield Check(
        invariant=1,
        name="Seats never exceed the places; the next reserve follows",
        figures=lambda evidence: f"{evidence.published.count('round'):,} events of rounds replayed",
        differences=_seats,
    )
    yield Check(
        invariant=5,
        name="Every ranking recomputes from the sealed sheets",
        figures=lambda evidence: f"{len(_approved(evidence))} approved proposals",
        differences=_rankings,
    )
    yield Check(
        invariant=6,
        name="Who approved neither scored nor proposed",
        figures=lambda evidence: f"{len(_approved(evidence))} approvals",
        differences=_approvals,
    )


@dataclass
class Seating:
    """A round replayed from its events; `faults` as they are found."""

    id: str
    places: int = 0
    live: set[str] = field(default_factory=set)
    reserve: list[str] = field(default_factory=list)
    decreed: bool = False
    owed: str | None = None
    faults: list[str] = field(default_factory=list)

    def take(self, word: str, data: dict[str, Any]) -> None:
        if self.owed is not None and (word, data.get("application")) != (
            "reserve-promoted",
            self.owed,
        ):
            self.faults.append(f"round {self.id}: {self.owed} was next, and {word} came")
        self.owed = None
        self._apply(word, data)
        if len(self.live) > self.places:
            self.faults.append(f"round {self.id}: {len(self.live)} seats, {self.places} places")

    def _apply(self, word: str, data: dict[str, Any]) -> None:
        match word:
            case "round-opened":
                self.places = data["places"]
            case "selection-approved":
                self.live, self.reserve = set(data["selected"]), list(data["reserve"])
            case "candidate-struck":
                self.reserve = [item for item in self.reserve if item != data["application"]]
            case "reserve-promoted":
                self.live.add(data["application"])
                self.reserve.remove(data["application"])
            case "place-lost":
                self._lose(data)
            case "participants-decreed" | "round-cancelled":
                self.reserve, self.decreed = [], True
            case _:
                pass

    def _lose(self, data: dict[str, Any]) -> None:
        self.live.discard(data["application"])
        if data["reason"] in REPLACED and self.reserve and not self.decreed:
            self.owed = self.reserve[0]


def _seats(evidence: Evidence) -> Iterator[str]:
    for id, events in evidence.published.of("round").items():
        seating = replayed(id, events)
        yield from seating.faults
        kept = set(evidence.books.states("round")[id].live)
        if seating.live != kept:
            yield f"round {id}: {len(seating.live)} live by its events, {len(kept)} by its state"


def replayed(id: str, events: Sequence[EventFrame]) -> Seating:
    """A round as its events tell it."""
    seating = Seating(id)
    for event in events:
        seating.take(word_of(event), data_of(event))
    return seating


def _approved(evidence: Evidence) -> dict[str, Round]:
    approved = {
        event.subject for event, _ in evidence.published.each("round", "selection-approved")
    }
    return {id: state for id, state in evidence.books.states("round").items() if id in approved}


def _rankings(evidence: Evidence) -> Iterator[str]:
    candidates = evidence.books.states("candidate")
    for id, round in _approved(evidence).items():
        if round.proposal is None:
            yield f"round {id} was approved without a proposal"
            continue
        sealed = [sealed_candidate(score, candidates[score]) for score in round.proposal.scores]
        standings = [
            Standing(
                application=candidate.application,
                score=candidate.score,
                first_timer=candidate.first_timer,
                province=candidate.province,
                submitted_at=candidate.submitted_at,
            )
            for candidate in sealed
            if candidate is not None and candidate.score is not None
        ]
        terms = Terms(rubric=round.rubric, threshold=round.threshold, places=round.places)
        if digest_of(ranked(standings, terms), terms, round.closing) != round.proposal.digest:
            yield f"round {id}: the ranking of the sealed sheets is another one"


def _approvals(evidence: Evidence) -> Iterator[str]:
    approved = _approved(evidence)
    for event, _ in evidence.published.each("round", "selection-approved"):
        proposal = approved[event.subject].proposal
        eyes = {proposal.proposed_by, *proposal.scored_by} if proposal else {event.actor}
        if event.actor in eyes:
            yield f"round {event.subject}: {event.actor} approved what it scored or proposed"
