"""The stories of a rescheduled exhibition: documents to renew, and a place that was lost by them.

Called by `story`.
"""

from datetime import datetime

from services.registration.domain.application.state import NOT_RENEWED
from services.registration.responses.telling import Actor, Story, Telling, day, ended, moment, story


def to_renew(telling: Telling, due_at: datetime) -> Story:
    """Return the story of an application whose documents must be renewed until `due_at`."""
    due, last = moment(due_at, telling.exhibition.zone), day(telling.state.valid_through)
    return story(
        telling,
        (
            f"Pameran dijadwalkan ulang, dan dokumen Anda tidak berlaku sampai {last[0]}.",
            f"The exhibition was rescheduled, and your documents are not valid until {last[1]}.",
        ),
        (
            f"Unggah dokumen baru dan perbarui permohonan paling lambat {due[0]}; setelah itu "
            "tempat Anda gugur.",
            f"File new documents and renew the application by {due[1]}; after that your place is "
            "lost.",
        ),
        Actor.APPLICANT,
        due_at=due_at,
    )


def lapsed(telling: Telling) -> Story:
    """Return the story of an application that lost its place."""
    if NOT_RENEWED in telling.state.reasons:
        return ended(
            telling,
            (
                "Tempat Anda gugur: dokumen tidak diperbarui sampai batas waktunya.",
                "Your place was lost: the documents were not renewed in time.",
            ),
        )
    return ended(telling, ("Tempat Anda gugur.", "Your place was lost."))
