"""Print a document in a process of its own, so that other requests do not wait for the processor.

The process has the limits of `shared.files.apart`: a document that takes too long ends with it, and
nothing is stored before or after.
"""

from pydantic import BaseModel, ConfigDict

from shared.contracts.printed_document import PrintedDocument
from shared.files.apart import Apart
from shared.kernel.errors import Busy

MODULE = "shared.printing.typesetting"


class Reproduction(BaseModel):
    """A document to print, with its digest and the address at which anybody checks it."""

    model_config = ConfigDict(frozen=True)

    document: PrintedDocument
    digest: str
    check_url: str


async def print_apart(apart: Apart, reproduction: Reproduction) -> bytes:
    """Return the PDF. The same document, digest and address give the same bytes.

    Raises `Busy` if too many documents wait, or if the process found no end within its limits.
    """
    try:
        found = await apart.ask(MODULE, reproduction.model_dump_json().encode())
    except Busy:
        raise Busy("printer-busy", "Other documents are being printed: try again soon.") from None
    if found is None:
        raise Busy(
            "printing-failed",
            "The document could not be printed within its limits, and nothing was changed: try "
            "again; if it stays so, ask an operator.",
        )
    return found
