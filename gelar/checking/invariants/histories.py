"""The history of each subject: known events, in an order that is allowed, about one thing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from gelar.checking.invariants.check import Check, Evidence
from gelar.checking.invariants.recount import applications, rounds
from gelar.checking.invariants.topics import Fact

RENEWAL = ("application-rescheduled", "documents-renewed", "renewal-expired")
"""The events of an application that was found eligible, when its exhibition is rescheduled."""

LETTER = ("commitment-delivered", "commitment-expired")
"""The events of a place whose call asks for a commitment letter."""

CHANGED = ("exhibition-rescheduled", "exhibition-cancelled")
"""The events of a planned exhibition that may come until it runs."""

LIVES: dict[str, dict[str, tuple[str, ...]]] = {
    "application": {
        "": ("application-submitted",),
        "SUBMITTED": (
            *("application-revised", "findings-recorded", "correction-requested"),
            *("application-verified", "application-rejected"),
            *("application-withdrawn", "application-closed", "application-rescheduled"),
        ),
        "NEEDS_CORRECTION": (
            *("application-resubmitted", "application-verified", "application-rejected"),
            *("findings-recorded", "application-withdrawn", "application-closed"),
            "application-rescheduled",
        ),
        "ELIGIBLE": (
            *RENEWAL,
            *("offer-received", "application-withdrawn", "application-lapsed"),
            "application-closed",
        ),
        "OFFERED": (
            *RENEWAL,
            *("place-accepted", "place-declined", "offer-expired"),
            *("application-withdrawn", "application-lapsed"),
        ),
        "ACCEPTED": (
            *(*RENEWAL, *LETTER),
            *("participation-confirmed", "application-withdrawn", "application-lapsed"),
        ),
        "CONFIRMED": (
            *(*RENEWAL, *LETTER, "commitment-returned"),
            *("participant-attended", "participant-absent"),
            *("application-withdrawn", "application-lapsed"),
        ),
        "ATTENDED": (
            *("attendance-corrected", "attendance-contested"),
            *("participant-checked-in", "check-in-undone", "attendance-retracted"),
        ),
        "ABSENT": ("attendance-corrected", "attendance-contested"),
        "WITHDRAWN": ("slot-returned",),
    },
    "exhibition": {
        "": ("exhibition-proposed",),
        "exhibition-proposed": ("exhibition-planned", "exhibition-cancelled"),
        "exhibition-planned": ("call-opened", *CHANGED),
        "call-opened": ("call-closed", *CHANGED),
        "call-closed": ("verification-closed", *CHANGED),
        "verification-closed": ("exhibition-decreed", *CHANGED),
        "exhibition-decreed": ("exhibition-opened", *CHANGED),
        "exhibition-opened": ("exhibition-ended",),
        "exhibition-ended": ("exhibition-reported",),
    },
    "round": {
        "AWAITED": ("round-opened", "candidates-listed", "funds-changed", "round-cancelled"),
        "OPEN": (
            *("panel-appointed", "candidates-listed", "candidate-struck", "scoring-closed"),
            *("round-rescheduled", "funds-changed"),
        ),
        "SCORING_CLOSED": (
            *("selection-proposed", "selection-returned", "candidate-struck"),
            *("override-recorded", "override-withdrawn", "late-conflict-declared"),
            *("round-rescheduled", "funds-changed"),
        ),
        "PROPOSED": (
            *("proposal-voided", "selection-returned", "selection-approved"),
            *("override-recorded", "override-withdrawn", "late-conflict-declared"),
            "selection-endorsed",
            *("candidate-struck", "round-rescheduled", "funds-changed"),
        ),
        "APPROVED": (
            *("round-rescheduled", "funds-changed"),
            *(*rounds.SEATS, "candidate-struck", "participants-decreed"),
            *("loss-requested", "loss-declined", "reserves-passed-over"),
        ),
        "DECREED": (
            "round-rescheduled",
            *("place-offered", "place-confirmed", "place-lost", "annex-amended"),
            *("amendment-recorded", "loss-requested", "loss-declined", "seats-frozen"),
        ),
        "CANCELLED": ("place-lost", "candidate-struck", "annex-amended"),
    },
    "import": {
        "": ("import-requested",),
        "import-requested": ("import-cancelled", "import-finished"),
        "import-cancelled": ("import-requested",),
        "import-finished": ("import-requested",),
    },
    "draft": {
        "": ("draft-saved",),
        "draft-saved": ("draft-saved", "draft-discarded", "draft-expired"),
        "draft-discarded": ("draft-saved",),
        "draft-expired": (),
    },
    "suspicion": {
        "": ("suspected-duplicate",),
        "suspected-duplicate": ("duplicate-confirmed", "duplicate-dismissed"),
        "duplicate-confirmed": ("duplicate-dismissed",),
        "duplicate-dismissed": ("duplicate-confirmed",),
    },
    "rate": {
        "": ("rate-proposed", "rate-fixed"),
        "rate-proposed": ("rate-fixed", "rate-corrected", "rate-rejected"),
        "rate-fixed": ("rate-proposed",),
        "rate-corrected": ("rate-proposed",),
        "rate-rejected": ("rate-proposed", "rate-fixed"),
    },
}
"""The events that may follow a status, by kind; a round may be cancelled until then at any time."""

FIRST = {
    "programme": "programme-announced",
    "enterprise": "enterprise-registered",
    "document": "document-filed",
    "rubric": "rubric-published",
    "rule-set": "rule-set-published",
    "ranking": "ranking-made",
    "envelope": "envelope-opened",
    "outcome": "outcome-reported",
    "briefing": "briefing-scheduled",
    "issued-document": "document-issued",
}
"""The first event of a subject, which comes once."""

OTHERS = {
    "programme": ("targets-revised",),
    "enterprise": (
        *("profile-revised", "identifiers-rehashed"),
        *("sanction-imposed", "sanction-lifted", "consent-given", "consent-withdrawn"),
    ),
    "rule-set": ("rule-set-retired",),
    "envelope": (
        *("revision-proposed", "revision-withdrawn", "envelope-revised"),
        *("envelope-blocked", "envelope-unblocked"),
        *("cost-proposed", "cost-withdrawn", "cost-corrected"),
        *("allotment-made", "allotment-returned"),
    ),
    "outcome": (
        *("follow-up-reported", "outcome-restated"),
        *("outcome-verified", "outcome-disputed", "outcome-voided"),
    ),
    "document": ("document-revoked", "document-expired", "document-read"),
    "dossier": ("dossier-read",),
    "issued-document": ("issued-document-revoked",),
    "briefing": (
        *("briefing-rescheduled", "briefing-cancelled", "briefing-attended"),
        "briefing-attendance-corrected",
    ),
    "floor-plan": (
        *("participant-listed", "participant-removed"),
        *("booths-assigned", "booths-taken-back"),
    ),
    "candidate": (
        *("candidate-entered", "curator-assigned", "curator-unassigned", "conflict-declared"),
        *("score-sheet-submitted", "score-sheet-retracted", "scores-moderated"),
        *("candidate-scored", "candidate-reopened", "candidate-withdrawn", "candidate-ended"),
    ),
    "allocation": (
        *("allocation-raised", "allocation-lowered", "allocation-closed", "funding-requested"),
        "allocation-repriced",
        *("place-funded", "funding-declined", "funding-released", "commitment-contracted"),
        *("contract-amended", "contract-closed", "delivery-recorded", "reservation-released"),
        "delivery-retracted",
        *("payment-ordered", "payment-order-voided", "payment-disbursed", "payment-returned"),
        *("sunk-cost-recognised", "sunk-cost-reversed"),
    ),
}
"""The further events of a kind, in any order."""

CONSTANT = {
    "document": ("document", "enterprise"),
    "exhibition": ("exhibition", "programme", "scope"),
    "application": ("applicant",),
    "candidate": ("applicant",),
    "floor-plan": ("exhibition", "programme", "scope"),
    "round": ("exhibition", "programme", "scope"),
    "ranking": ("ranking", "exhibition", "programme", "scope"),
    "envelope": ("programme", "scope"),
    "allocation": ("exhibition", "programme", "scope"),
    "outcome": ("applicant", "outcome"),
    "programme": ("programme",),
    "rule-set": ("rule_set",),
    "rate": ("currency", "fixed_on"),
    "suspicion": ("first", "second"),
}
"""The fields that are the same in every event of a subject."""

APPLICANT_ID = ("exhibition", "programme", "scope", "enterprise")
"""The facts of an applicant that stay the same when an application freezes them again."""


def checks() -> Iterator[Check]:
    """Return the checks of this module."""
    yield Check(
        name="Every event is known, and follows in the life of its subject",
        compared=_compared,
        differences=_lives,
    )
    yield Check(
        name="All events of a subject are about one thing",
        compared=_compared,
        differences=_constants,
    )


def _compared(evidence: Evidence) -> str:
    subjects = sum(map(len, evidence.topics.facts.values()))
    return f"{subjects:,} subjects"


def _lives(evidence: Evidence) -> Iterator[str]:
    for kind, subjects in evidence.topics.facts.items():
        for facts in subjects.values():
            if kind in LIVES:
                yield from _steps(kind, facts)
            else:
                yield from _words(kind, facts)
    yield from _twice(evidence)


def _words(kind: str, facts: Sequence[Fact]) -> Iterator[str]:
    for position, fact in enumerate(facts):
        first = fact.word == FIRST.get(kind)
        if not first and fact.word not in OTHERS.get(kind, ()):
            yield f"{fact.id}: the audit does not know {fact.word} of {kind}"
        elif kind in FIRST and first != (position == 0):
            yield f"{fact.id}: a subject begins with {FIRST[kind]}, which comes once"


def _steps(kind: str, facts: Sequence[Fact]) -> Iterator[str]:
    status = "AWAITED" if kind == "round" else ""
    seen: Counter[str] = Counter()
    for fact in facts:
        allowed = LIVES[kind].get(status, ())
        cancelled = kind == "round" and fact.word == "round-cancelled" and status != "CANCELLED"
        again = fact.word in ("round-opened", "attendance-contested") and seen[fact.word]
        if again or not (fact.word in allowed or cancelled):
            yield f"{fact.id}: {fact.word} may not follow {status or 'nothing'}"
        seen[fact.word] += 1
        status = _status(kind, fact, status)


def _status(kind: str, fact: Fact, before: str) -> str:
    match kind:
        case "application":
            return applications.status_after(fact, before)
        case "round":
            return rounds.STATUSES.get(fact.word, before)
        case _ if fact.word == "exhibition-rescheduled":
            return before
        case _:
            return fact.word


def _twice(evidence: Evidence) -> Iterator[str]:
    numbers: Counter[tuple[str, ...]] = Counter()
    for fact in evidence.topics.each("outcome", "follow-up-reported"):
        numbers["follow-up", fact.subject, fact.data["follow_up"]] += 1
    for fact in evidence.topics.each("rate", "rate-fixed"):
        numbers["rate", fact.data["currency"], fact.data["fixed_on"]] += 1
        if fact.subject != f"{fact.data['currency']}-{fact.data['fixed_on']}":
            yield f"{fact.id} fixes {fact.data['currency']} on {fact.data['fixed_on']}"
    for number, count in numbers.items():
        if count > 1:
            yield f"{' '.join(number)} is there {count} times"


def _constants(evidence: Evidence) -> Iterator[str]:
    for kind, names in CONSTANT.items():
        for facts in evidence.topics.of(kind).values():
            before = facts[0]
            for fact in facts:
                yield from (
                    f"{fact.id}: another {name} than {before.id}"
                    for name in names
                    if _named(fact, name, fact.word) != _named(before, name, fact.word)
                )
                before = fact


def _named(fact: Fact, name: str, word: str) -> object:
    """Return a field as an event with this word must repeat it.

    An application that freezes its facts again may have other ones, of the same applicant.
    """
    value = fact.data[name]
    return [value[part] for part in APPLICANT_ID] if word in applications.FREEZING else value
