"""The codes of an application: corrections, findings, letters, channels, withdrawals, and ends."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.words import Id, Word

Participations = Annotated[int, Field(ge=0, le=10_000)]
"""Facilitated participations of the applicant in this programme and scope, when it was decided."""


class CorrectionField(StrEnum):
    """A part of an application that its applicant can be asked to correct."""

    PROFILE = "PROFILE"
    CAPACITY = "CAPACITY"
    DOCUMENTS = "DOCUMENTS"


class FindingCode(StrEnum):
    """A defect of a document that an officer has found (ours)."""

    NOT_GENUINE = "not-genuine"
    NOT_LEGIBLE = "not-legible"
    NOT_OF_THE_APPLICANT = "not-of-the-applicant"


class Finding(Word):
    """An officer's finding about a document that the application froze."""

    document: Id
    code: FindingCode


class Channel(StrEnum):
    """A channel that proposes an enterprise for a place (ours); ENTERPRISE: it applies alone."""

    PROVINCIAL_OFFICE = "provincial-office"
    ASSOCIATION = "association"
    COOPERATIVE_FEDERATION = "cooperative-federation"
    EMBASSY = "embassy"
    ENTERPRISE = "enterprise"


class CommitmentProblem(StrEnum):
    """A defect of a commitment letter that an officer has found (ours)."""

    NOT_LEGIBLE = "not-legible"
    NOT_SIGNED = "not-signed"
    NOT_OF_THE_APPLICANT = "not-of-the-applicant"
    OF_ANOTHER_EXHIBITION = "of-another-exhibition"


class WithdrawalCode(StrEnum):
    """A reason to give up (ours): the public code beside the applicant's private words."""

    NO_CAPACITY = "no-capacity"
    COSTS = "costs"
    DATES = "dates"
    OTHER_EXHIBITION = "other-exhibition"
    OTHER = "other"


class DeclineReason(StrEnum):
    """The reason why an offered place is not taken."""

    DECLINED = "declined"
    CAP_REACHED = "cap-reached"


class ClosingResult(StrEnum):
    """The result of an application that ends without a place, and without an act of its own."""

    RESERVE = "reserve-not-reached"
    BELOW_THRESHOLD = "below-threshold"
    GATE = "gate-not-passed"
    CANCELLED = "exhibition-cancelled"
    NOT_DECIDED = "not-decided"
