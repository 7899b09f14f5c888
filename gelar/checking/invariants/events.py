"""The events themselves: numbers without a gap, people and documents named, nothing personal.

Invariants 13 and 14.
"""

import json
from collections.abc import Iterator
from typing import Any

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.personal import is_personal
from gelar.checking.invariants.topics import Fact

OFFICIAL = frozenset(
    {
        *(
            "sp2d",
            "spm",
            "return_number",
            "contract",
            "addendum",
            "number",
            "decree",
            "report",
            "document_number",
        ),
        *("amount", "rate", "submitted_at", "opened_at", "closes_at", "deadline_at", "outcome"),
        *("outcomes", "before", "before_rate", "proposed_at"),
        *("exhibition", "enterprise", "application", "applications", "follow_up", "selected"),
        *("reserve", "annex", "without", "eligible", "unfunded", "unreserved"),
        *("objection", "objections_until", "decide_by", "read_at"),
    }
)
"""The fields that hold numbers of documents, amounts, times and ids of the programme."""

BASIS = {
    "programme-announced": ("document_number", "signed_on"),
    "targets-revised": ("document_number", "signed_on", "code"),
    "call-opened": ("rule_set", "rubric"),
    "application-submitted": ("rule_set",),
    "application-verified": ("rule_set", "checks"),
    "application-rejected": ("rule_set", "reasons"),
    "exhibition-decreed": ("decree",),
    "exhibition-reported": ("report", "signed_on"),
    "exhibition-cancelled": ("code",),
    "application-withdrawn": ("code",),
    "application-closed": ("result",),
    "rubric-published": ("criteria", "thresholds"),
    "rule-set-published": ("in_force_from", "size_law", "rules"),
    "rule-set-retired": ("code",),
    "round-opened": ("rubric",),
    "curator-unassigned": ("code",),
    "scores-moderated": ("code",),
    "candidate-ended": ("code",),
    "ranking-made": ("method", "rubric"),
    "selection-proposed": ("ranking",),
    "selection-returned": ("code",),
    "objection-filed": ("ground", "decide_by"),
    "objection-upheld": ("ground", "number", "signed_on"),
    "objection-dismissed": ("code", "number", "signed_on"),
    "place-lost": ("reason",),
    "participants-decreed": ("number", "signed_on"),
    "amendment-recorded": ("number", "signed_on", "without"),
    "envelope-opened": ("document_number", "effective_on"),
    "revision-proposed": ("document_number", "effective_on", "code"),
    "envelope-revised": ("document_number", "effective_on", "code"),
    "cost-proposed": ("document_number", "effective_on", "code"),
    "cost-corrected": ("document_number", "effective_on", "code"),
    "envelope-blocked": ("document_number", "effective_on", "code"),
    "envelope-unblocked": ("document_number", "effective_on", "code"),
    "allotment-made": ("document_number", "effective_on"),
    "reservation-released": ("code",),
    "commitment-contracted": ("contract", "signed_on"),
    "contract-amended": ("contract", "addendum", "signed_on"),
    "contract-closed": ("contract", "code"),
    "delivery-recorded": ("contract", "document_number", "delivered_on"),
    "delivery-retracted": ("contract", "document_number", "code"),
    "payment-ordered": ("contract", "spm", "ordered_on"),
    "payment-order-voided": ("contract", "spm", "code"),
    "payment-disbursed": ("contract", "spm", "sp2d", "paid_on"),
    "payment-returned": ("contract", "spm", "sp2d", "returned_on", "code"),
    "outcome-reported": ("rate_source", "rate_on"),
    "follow-up-reported": ("rate_source", "rate_on"),
    "outcome-verified": ("kind_of_evidence",),
    "outcome-disputed": ("code",),
    "outcome-voided": ("code",),
    "outcome-restated": ("rate_source", "rate_on", "before_rate"),
    "rate-proposed": ("source",),
    "rate-fixed": ("source",),
    "rate-corrected": ("source", "before", "code"),
    "rate-rejected": ("source",),
}
"""The fields of each decision that name its rule set, documents and reasons."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Topics hold every number once, in order",
        compared=_messages,
        differences=lambda evidence: evidence.topics.gaps(),
    )
    yield Check(
        invariant=13,
        name="No number of a person and no mail address in any topic",
        compared=lambda evidence: f"{sum(1 for _ in evidence.topics.every()):,} events",
        differences=_personal,
    )
    yield Check(
        invariant=14,
        name="Every decision names its actor, rule set and documents",
        compared=lambda evidence: f"{sum(1 for _ in _decisions(evidence)):,} decisions",
        differences=_without_basis,
    )


def _messages(evidence: Evidence) -> str:
    events = sum(1 for _ in evidence.topics.every())
    foreign = f", {evidence.topics.foreign:,} no events" if evidence.topics.foreign else ""
    return f"{evidence.topics.messages:,} messages, {events:,} events{foreign}"


def _personal(evidence: Evidence) -> Iterator[str]:
    for fact in evidence.topics.every():
        for text in (fact.actor, *_texts(fact.data)):
            if is_personal(text):
                yield f"{fact.id} carries personal data"


def _texts(data: Any, name: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, name)
    elif name not in OFFICIAL and not isinstance(data, bool | None):
        # An amount in rupiah has at most 15 digits; a NIK has 16.
        yield str(data) if isinstance(data, str) or data >= 10**15 else ""


def _decisions(evidence: Evidence) -> Iterator[Fact]:
    return (fact for fact in evidence.topics.every() if fact.word in BASIS)


def _without_basis(evidence: Evidence) -> Iterator[str]:
    for fact in evidence.topics.every():
        if not fact.actor:
            yield f"{fact.id} names no actor"
    for fact in _decisions(evidence):
        missing = [name for name in BASIS[fact.word] if not fact.data.get(name)]
        if missing:
            yield f"{fact.id} names no {', no '.join(missing)}: {json.dumps(fact.data)[:120]}"
