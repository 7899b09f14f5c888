"""The documents of enterprises: filed by number, and with a scan by those that go overseas."""

from typing import Any

from demo.fiction.papers import scan
from demo.player.people import Person
from demo.player.play import Play


def scanned(play: Play, number: int) -> bool:
    """Return True if this enterprise files scans: it applies to an exhibition overseas."""
    return number in play.overseas


async def file_document(
    play: Play, number: int, applicant: Person, document: dict[str, Any], *, apart: str = ""
) -> None:
    """File a document of an enterprise; with its scan, if the enterprise applies overseas.

    `apart` tells it from another document of its kind.
    """
    address = f"registration/enterprises/{play.enterprises[number]}"
    kind = document["document_kind"]
    key = f"{kind}{apart}"
    if scanned(play, number):
        words = f"Dokumen contoh (fictional): {key} of enterprise {number}"
        file = await play.api.upload(applicant, f"{address}/files", scan(words), apart=key)
        document = {**document, "file": file}
    await play.api.command(applicant, f"{address}/documents", document, apart=key)
