"""The codes of a round: why a seat is taken or lost, a selection returned, an objection filed."""

from enum import StrEnum
from typing import Literal


class LossCode(StrEnum):
    """A reason of an officer to take a seat (ours): the public code beside its private words."""

    SANCTION = "sanction"
    REQUIREMENT_LOST = "requirement-lost"
    FALSE_STATEMENT = "false-statement"
    OTHER = "other"


LossReason = (
    Literal["withdrawn", "not-renewed", "not-committed", "declined", "expired"]
    | Literal["no-funds", "too-late", "cancelled", "objection-upheld"]
    | LossCode
)
"""The reasons for which a seat is lost.

Too late: its money came when the exhibition had begun. Not renewed: the exhibition was rescheduled,
and documents of the applicant end before its new last day. Not committed: the applicant accepted
its place, and did not deliver its commitment letter. Objection upheld: another applicant has the
seat, and the one who had it is the next of the reserve list.
"""


class ReturnCode(StrEnum):
    """A reason to return a selection (ours): the public code beside the approver's words."""

    SHEETS_MISSING = "sheets-missing"
    SCORES_DIVERGE = "scores-diverge"
    ERROR_IN_SHEETS = "error-in-sheets"
    CONFLICT_FOUND = "conflict-found"
    OTHER = "other"


class ObjectionGround(StrEnum):
    """A ground of an objection (ours), as its applicant names it and as it is found to be right."""

    SCORE = "score"
    GATE = "gate"
    RANK = "rank"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    PROCEDURE = "procedure"
    OTHER = "other"


class ObjectionDismissalCode(StrEnum):
    """A reason to dismiss an objection (ours): the public code beside the approver's words."""

    UNFOUNDED = "unfounded"
    NOT_PROVEN = "not-proven"
    NOT_ABOUT_THE_SELECTION = "not-about-the-selection"
    OTHER = "other"
