"""The codes of a round: why a seat is taken or lost, and why a selection is returned."""

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
    | Literal["no-funds", "too-late", "cancelled"]
    | LossCode
)
"""The reasons for which a seat is lost.

Too late: its money came when the exhibition had begun. Not renewed: the exhibition was rescheduled,
and documents of the applicant end before its new last day. Not committed: the applicant accepted
its place, and did not deliver its commitment letter.
"""


class ReturnCode(StrEnum):
    """A reason to return a selection (ours): the public code beside the approver's words."""

    SHEETS_MISSING = "sheets-missing"
    SCORES_DIVERGE = "scores-diverge"
    ERROR_IN_SHEETS = "error-in-sheets"
    CONFLICT_FOUND = "conflict-found"
    OTHER = "other"
