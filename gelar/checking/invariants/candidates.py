"""The life of candidates on the topics: opened sheets stay, and every end has its event."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount.applications import applications
from gelar.checking.invariants.topics import Fact

CHANGES = frozenset(
    {
        *("curator-assigned", "curator-unassigned", "conflict-declared"),
        *("conflict-inferred", "inferred-conflict-lifted"),
        *("score-sheet-submitted", "score-sheet-retracted", "scores-moderated"),
    }
)
"""The events of people, which a sealed candidate does not have."""

UNOPENED = {"score-sheet-submitted": 1, "score-sheet-retracted": -1}
"""The change of the number of sheets that no closing has opened."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        invariant=4,
        name="Sealed sheets change by late conflicts only; opened ones are never retracted",
        compared=_closings,
        differences=_changed,
    )
    yield Check(
        name="Every application that ends without a place ends its candidate",
        compared=lambda evidence: f"{len(evidence.topics.of('candidate')):,} candidates",
        differences=_ends,
    )


def _closings(evidence: Evidence) -> str:
    return f"{sum(1 for _ in evidence.topics.each('candidate', 'candidate-scored')):,} seals"


def _changed(evidence: Evidence) -> Iterator[str]:
    for facts in evidence.topics.of("candidate").values():
        yield from _changes_of(facts)
    yield from _late_conflicts(evidence)


def _changes_of(facts: Sequence[Fact]) -> Iterator[str]:
    sealed = opened = False
    unopened = 0
    for fact in facts:
        # A late conflict is recorded on sealed sheets, too: it is compared with its round.
        if sealed and fact.word in CHANGES - {"conflict-declared"}:
            yield f"{fact.id}: its sheets are sealed"
        if fact.word == "candidate-scored":
            sealed, opened, unopened = True, True, 0
        elif fact.word == "candidate-reopened":
            sealed = False
        unopened += UNOPENED.get(fact.word, 0)
        if unopened < 0:
            yield f"{fact.id}: an opened sheet is retracted"
        if fact.word == "scores-moderated" and not opened:
            yield f"{fact.id}: no closing has opened its sheets"


def _late_conflicts(evidence: Evidence) -> Iterator[str]:
    declared = evidence.topics.each("round", "late-conflict-declared")
    late = Counter(fact.data["application"] for fact in declared)
    for id, facts in evidence.topics.of("candidate").items():
        on_sealed = _conflicts_on_sealed(facts)
        conflicts = sum(fact.word == "conflict-declared" for fact in facts)
        if on_sealed > late[id]:
            yield f"{id}: {on_sealed} conflicts on sealed sheets, its round knows {late[id]}"
        if conflicts < late[id]:
            yield f"{id}: {conflicts} conflicts are declared, its round knows {late[id]} late ones"


def _conflicts_on_sealed(facts: Sequence[Fact]) -> int:
    is_sealed, found = False, 0
    for fact in facts:
        if fact.word in ("candidate-scored", "candidate-reopened"):
            is_sealed = fact.word == "candidate-scored"
        found += is_sealed and fact.word == "conflict-declared"
    return found


def _ends(evidence: Evidence) -> Iterator[str]:
    applied = applications(evidence.topics)
    for id, facts in evidence.topics.of("candidate").items():
        application = applied.get(id)
        expected = _end(application.status, application.reasons) if application else []
        found = [fact.data["code"] for fact in facts if fact.word == "candidate-ended"]
        if found != expected:
            yield f"{id}: its end is {found or 'missing'}, its application says {expected}"


def _end(status: str, reasons: Sequence[str]) -> list[str]:
    match status:
        case "CLOSED" | "DECLINED":
            return list(reasons)
        case "OFFER_EXPIRED":
            return ["expired"]
        case "LAPSED":
            return ["exhibition-cancelled" if "cancelled" in reasons else "place-lost"]
        case _:
            return []
