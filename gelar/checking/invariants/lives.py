"""The life of each kind of subject: the events that may follow in each status, and what stays.

A word is the name of an event, as its type has it.
"""

from gelar.checking.invariants.recount import disputes, rounds

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
            *(*rounds.SEATS, *disputes.WORDS, "candidate-struck", "participants-decreed"),
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
        *("conflict-inferred", "inferred-conflict-lifted"),
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
