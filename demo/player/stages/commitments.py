"""Commitment letters: a participant of an exhibition overseas signs one when it accepts its place.

An officer finds a letter without a signature and returns it; the participant delivers another.
"""

from collections.abc import Sequence
from typing import Any

from demo.fiction.applications import Application
from demo.fiction.papers import scan
from demo.player.people import VERIFIER
from demo.player.play import Play


async def accept(play: Play, application: Application) -> None:
    """Accept an offered place, and deliver the letter if the call has asked for one."""
    address = f"{_address(play, application)}/acceptance"
    await play.api.command(play.applicant(application), address, {})
    if play.asks_for_letters(application):
        await deliver(play, application, 1)


async def deliver(play: Play, application: Application, number: int) -> None:
    """File a signed letter of the participant with its scan, and deliver it."""
    applicant, id = play.applicant(application), play.enterprises[application.enterprise]
    words = f"Surat contoh (fictional) {number} of {play.application_id(application)}"
    owner, key = f"registration/enterprises/{id}", f"letter/{application.exhibition}/{number}"
    letter: dict[str, Any] = {
        "document_kind": "COMMITMENT_LETTER",
        "issuer": "Pelaku usaha contoh (fictional)",
        "number": f"SPK-{number}/{application.exhibition}",
        "issued_on": play.today,
        "file": await play.api.upload(applicant, f"{owner}/files", scan(words), apart=key),
    }
    filed = await play.api.command(applicant, f"{owner}/documents", letter, apart=key)
    address = f"{_address(play, application)}/commitment"
    await play.api.command(applicant, address, {"document": filed["id"]}, apart=f"{number}")


async def return_one(play: Play, confirmed: Sequence[str]) -> str:
    """Return the first letter of these confirmed participants as unsigned, once in the year."""
    letters = [
        application
        for application in map(play.application, confirmed)
        if play.asks_for_letters(application)
    ]
    if play.letter_returned or not letters:
        return ""
    play.letter_returned = True
    body = {"code": "not-signed", "reason": "the signature is missing (fictional)"}
    await play.api.command(VERIFIER, f"{_address(play, letters[0])}/commitment-return", body)
    await deliver(play, letters[0], 2)
    return "; 1 letter returned and delivered again"


def _address(play: Play, application: Application) -> str:
    return f"registration/applications/{play.application_id(application)}"
