"""A rescheduled exhibition: who has a document that ends too early now renews it."""

from demo.fiction.applications import Application
from demo.player.people import PROGRAMME_OFFICER, VERIFIER
from demo.player.play import Play
from demo.player.screen import counted
from demo.player.stages.papers import file_document
from demo.programme_2018.exhibition import Exhibition

ADDRESS = "registration/exhibitions"


async def reschedule(play: Play, exhibition: Exhibition) -> str:
    """Give the exhibition its later days, and renew what does not cover them."""
    body = {
        "code": "organiser",
        "reason": "the host has other days (ours)",
        "starts_on": exhibition.starts_on.isoformat(),
        "ends_on": exhibition.ends_on.isoformat(),
    }
    address = f"{ADDRESS}/{exhibition.id}/rescheduling"
    await play.api.command(PROGRAMME_OFFICER, address, body)
    await play.wait_until_idle()
    applications = await play.api.pages(
        VERIFIER, "registration/applications", exhibition=exhibition.id
    )
    renewing = [play.application(item["id"]) for item in applications if item["renewal_due_at"]]
    await play.each(renewing, lambda application: _renew(play, application))
    first, last = exhibition.starts_on, exhibition.ends_on
    renewed = f"{counted(len(renewing), 'participant')} renewed a document that would have ended"
    return f"{exhibition.name} moves to {first:%-d} to {last:%-d %B}; {renewed}"


async def _renew(play: Play, application: Application) -> None:
    entry = play.world.enterprises[application.enterprise - 1]
    assert entry.renewed_document is not None, f"nothing of enterprise {entry.number} ends early"
    applicant = play.applicant(application)
    await file_document(play, entry.number, applicant, entry.renewed_document, apart="renewed")
    address = f"registration/applications/{play.application_id(application)}/document-renewal"
    await play.api.command(applicant, address, {})
