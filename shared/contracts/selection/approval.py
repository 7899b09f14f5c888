"""The words of an approval of a selection: levels, people, why it was voided, overrides."""

from datetime import date
from enum import StrEnum

from shared.contracts.selection.round_seats import SignedDocument
from shared.contracts.words import PairId, Word


class ApprovalLevel(StrEnum):
    """The levels of an approval: the technical one, where the call asks for it, comes first."""

    TECHNICAL = "TECHNICAL"
    DEPUTY = "DEPUTY"


class LevelApproval(Word):
    """The approval of a level: by which account, and on which day in Jakarta."""

    level: ApprovalLevel
    account: str
    approved_on: date


class DecisionMakers(Word):
    """The accounts (opaque ids) of the people of a decision, for its minutes; none is a name.

    `scored_by` are the curators whose sheets count, in order of id: never which candidates each has
    scored. `closed_by` has closed the scoring, `proposed_by` has proposed.
    """

    scored_by: tuple[str, ...]
    closed_by: str
    proposed_by: str
    approvals: tuple[LevelApproval, ...]


class VoidReason(StrEnum):
    """The change of an input because of which a proposal and its approvals are void."""

    CANDIDATE_LEFT = "candidate-left"
    FUNDS_CHANGED = "funds-changed"
    OVERRIDE_CHANGED = "override-changed"
    RETURNED = "returned"
    CONFLICT_DECLARED = "conflict-declared"


class OverrideEffect(StrEnum):
    """The effect of an override: a candidate gets a place, or is in no list, whatever its score."""

    ADMITTED = "ADMITTED"
    EXCLUDED = "EXCLUDED"


class Authority(StrEnum):
    """The authority that orders an override (ours)."""

    MINISTER = "minister"
    DEPUTY = "deputy"
    INSPECTORATE = "inspectorate"
    COURT = "court"


class OverrideCode(StrEnum):
    """The reason of an override (ours): the public code beside its private words."""

    PUBLIC_INTEREST = "public-interest"
    RULING = "ruling"
    CLERICAL_ERROR = "clerical-error"
    FALSE_STATEMENT = "false-statement"
    OTHER = "other"


class Override(Word):
    """An override of the ranking for a candidate, by an authority and its signed document."""

    application: PairId
    effect: OverrideEffect
    code: OverrideCode
    authority: Authority
    document: SignedDocument
