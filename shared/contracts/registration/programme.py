"""Programme (Program): a fiscal year's targets, versioned with reason and document number."""

from typing import ClassVar

from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event
from shared.contracts.words import Target, Text, Year


class _Programme(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "programme"

    programme: Year
    targets: tuple[Target, ...]
    document_number: DocumentNumber


class ProgrammeAnnounced(_Programme):
    """The programme of a fiscal year exists, with its first targets."""

    title: Text


class TargetsRevised(_Programme):
    """The targets were replaced as a whole; the earlier ones stay in history."""

    reason: Text


ProgrammeEvent = ProgrammeAnnounced | TargetsRevised
