"""Programme (Program): a fiscal year's targets, versioned with reason and document number."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.words import Target, Text, Year


class TargetsRevisionCode(StrEnum):
    """A reason to revise targets (ours): the public code beside the officer's private words."""

    MINISTERIAL_REVISION = "ministerial-revision"
    BUDGET_CHANGED = "budget-changed"
    COUNTING_CORRECTED = "counting-corrected"
    OTHER = "other"


class _Programme(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "programme"

    programme: Year
    targets: tuple[Target, ...]
    document_number: DocumentNumber
    signed_on: date


class ProgrammeAnnounced(_Programme):
    """The programme of a fiscal year exists, with its first targets.

    `signed_on` is the day of the document that sets them, as that of a revision.
    """

    title: Text


class TargetsRevised(_Programme):
    """The targets were replaced as a whole; the earlier ones stay in history."""

    code: TargetsRevisionCode
    reason: Private[str] = ""


ProgrammeEvent = ProgrammeAnnounced | TargetsRevised
