"""The stories of papers that are due: documents to renew, a letter to deliver, a lost place.

Called by `story`.
"""

from datetime import datetime

from services.registration.domain.application.state import NOT_COMMITTED, NOT_RENEWED
from services.registration.responses.telling import (
    Actor,
    Story,
    Telling,
    day,
    ended,
    moment,
    story,
    unmet,
    words,
)
from shared.contracts.registration.application_codes import CommitmentProblem


def to_renew(telling: Telling, due_at: datetime) -> Story:
    """Return the story of an application whose documents must be renewed until `due_at`."""
    due, last = moment(due_at, telling.exhibition.zone), day(telling.state.valid_through)
    because, help = unmet(telling)
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
        because=because,
        help=help,
    )


LETTER_PROBLEMS = {
    CommitmentProblem.NOT_LEGIBLE: words("Surat tidak terbaca.", "The letter is not legible."),
    CommitmentProblem.NOT_SIGNED: words("Surat belum ditandatangani.", "The letter is not signed."),
    CommitmentProblem.NOT_OF_THE_APPLICANT: words(
        "Surat bukan milik Anda.", "The letter is not yours."
    ),
    CommitmentProblem.OF_ANOTHER_EXHIBITION: words(
        "Surat untuk pameran lain.", "The letter is for another exhibition."
    ),
}


def to_commit(telling: Telling, due_at: datetime) -> Story:
    """Return the story of a participant that must deliver its letter until `due_at`."""
    due, reasons = moment(due_at, telling.state.zone), telling.state.reasons
    now = ("Anda telah menerima tempat.", "You have accepted the place.")
    if reasons:
        now = (
            "Petugas mengembalikan surat pernyataan kesanggupan Anda.",
            "An officer has returned your commitment letter.",
        )
    return story(
        telling,
        now,
        (
            "Unggah dan serahkan surat pernyataan kesanggupan yang ditandatangani paling lambat "
            f"{due[0]}; setelah itu tempat Anda gugur.",
            f"File and deliver your signed commitment letter by {due[1]}; after that your place is "
            "lost.",
        ),
        Actor.APPLICANT,
        due_at=due_at,
        because=tuple(LETTER_PROBLEMS[CommitmentProblem(code)] for code in reasons),
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
    if NOT_COMMITTED in telling.state.reasons:
        return ended(
            telling,
            (
                "Tempat Anda gugur: surat pernyataan kesanggupan tidak diserahkan sampai batas "
                "waktunya.",
                "Your place was lost: the commitment letter was not delivered in time.",
            ),
        )
    return ended(telling, ("Tempat Anda gugur.", "Your place was lost."))
