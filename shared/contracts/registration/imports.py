"""Import (impor): a spreadsheet of enterprises that an officer files for a dinas, row by row."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event, Private


class RowWord(StrEnum):
    """The outcome of a row: a new enterprise, a known one, a refusal, or cells that say nothing."""

    REGISTERED = "REGISTERED"
    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    MALFORMED = "MALFORMED"


class ImportCancellationCode(StrEnum):
    """A reason to cancel an import (ours)."""

    WRONG_FILE = "wrong-file"
    OTHER = "other"


RowCount = Annotated[int, Field(ge=0, le=10_000)]


class _Import(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "import"


class ImportRequested(_Import):
    """The rows of a file are to be imported; a later request takes up those that are not done."""

    rows: RowCount
    requested_by: Private[str] = ""
    alias: Private[str] = ""


class ImportCancelled(_Import):
    """The rows that are not done are left; a request of the same file takes them up again."""

    code: ImportCancellationCode
    cancelled_by: Private[str] = ""


class ImportFinished(_Import):
    """Each row has an outcome; `failed` are those at which the code itself failed."""

    registered: RowCount
    recognised: RowCount
    refused: RowCount
    malformed: RowCount
    failed: RowCount = 0


ImportEvent = ImportRequested | ImportCancelled | ImportFinished
