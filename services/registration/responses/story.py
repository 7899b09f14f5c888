"""The story of an application in plain words, in Indonesian and in English, for its applicant.

It says where the application stands, what comes next, who must act and by when; and where it ended
without a place, why, and what would help. It is made from the application, the call, the round's
lists and the checks of the rules alone; nothing in it is decided here.
"""

from collections.abc import Callable
from dataclasses import replace

from services.registration.domain.application.commitment import PLACED, commitment_due_at
from services.registration.domain.application.renewal import renewal_due_at
from services.registration.domain.application.state import Status
from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from services.registration.responses.renewal import lapsed, to_commit, to_renew
from services.registration.responses.selection_story import closed, eligible
from services.registration.responses.telling import (
    Actor,
    Story,
    Telling,
    day,
    ended,
    moment,
    story,
    to_the_show,
    unmet,
    words,
)
from shared.contracts.registration.application_codes import CorrectionField
from shared.contracts.words import Sentence

FIELDS = {
    CorrectionField.PROFILE: Sentence(id="profil", en="profile"),
    CorrectionField.CAPACITY: Sentence(id="kapasitas", en="capacity"),
    CorrectionField.DOCUMENTS: Sentence(id="dokumen", en="documents"),
}


def story_of(telling: Telling) -> Story:
    """Return the story of an application; a participant is invited to its briefings."""
    found = _story_of(telling)
    if telling.state.status not in PLACED:
        return found
    return replace(found, help=(*found.help, *telling.invitations))


def _story_of(telling: Telling) -> Story:
    due_at = renewal_due_at(telling.state)
    if due_at is not None:
        return to_renew(telling, due_at)
    due_at = commitment_due_at(telling.state)
    if due_at is not None:
        return to_commit(telling, due_at)
    return STORIES[telling.state.status](telling)


def _submitted(telling: Telling) -> Story:
    call, (_, help) = telling.exhibition.call, unmet(telling)
    received = moment(telling.state.submitted_at, telling.exhibition.zone)
    now = (
        f"Permohonan Anda kami terima pada {received[0]}.",
        f"We received your application on {received[1]}.",
    )
    if call is not None and telling.exhibition.status is ExhibitionStatus.CALL_OPEN:
        closes = moment(call.closes_at, telling.exhibition.zone)
        next = (
            f"Anda dapat memperbaikinya sampai {closes[0]}, selama belum diputuskan petugas.",
            f"You can revise it until {closes[1]}, as long as no officer has decided on it.",
        )
        if help:
            return story(telling, now, next, Actor.APPLICANT, due_at=call.closes_at, help=help)
        return story(telling, now, next, Actor.MINISTRY)
    next = ("Petugas sedang memeriksanya.", "An officer is checking it.")
    return story(telling, now, next, Actor.MINISTRY, help=help)


def _needs_correction(telling: Telling) -> Story:
    state, (_, help) = telling.state, unmet(telling)
    fields = [FIELDS[field] for field in state.corrections]
    parts = ", ".join(each.id for each in fields), ", ".join(each.en for each in fields)
    assert state.deadline_at is not None, "a correction has a deadline"
    due = moment(state.deadline_at, telling.exhibition.zone)
    return story(
        telling,
        (f"Petugas meminta perbaikan: {parts[0]}.", f"An officer asks you to correct: {parts[1]}."),
        (
            f"Perbaiki dan kirim kembali paling lambat {due[0]}; setelah itu permohonan ditolak.",
            f"Correct it and submit it again by {due[1]}; after that it is rejected.",
        ),
        Actor.APPLICANT,
        due_at=state.deadline_at,
        help=help,
    )


def _ineligible(telling: Telling) -> Story:
    because, help = unmet(telling)
    if not because:
        because = (
            words(
                "Perbaikan tidak kami terima sampai batas waktunya.",
                "Your correction did not come in time.",
            ),
        )
    return story(
        telling,
        (
            "Permohonan Anda tidak memenuhi persyaratan.",
            "Your application does not meet the requirements.",
        ),
        (
            "Untuk pameran ini keputusan bersifat final; Anda dapat mendaftar ke pameran lain.",
            "This is final for this exhibition; you can apply to another one.",
        ),
        Actor.NONE,
        because=because,
        help=help,
    )


def _offered(telling: Telling) -> Story:
    due_at = telling.state.deadline_at
    assert due_at is not None, "an offer has a deadline"
    due = moment(due_at, telling.exhibition.zone)
    return story(
        telling,
        ("Anda terpilih dan ditawari tempat.", "You are selected, and a place is offered to you."),
        (
            f"Terima atau tolak paling lambat {due[0]}; setelah itu tawaran kedaluwarsa.",
            f"Accept or decline it by {due[1]}; after that the offer expires.",
        ),
        Actor.APPLICANT,
        due_at=due_at,
    )


def _accepted(telling: Telling) -> Story:
    return story(
        telling,
        ("Anda telah menerima tempat.", "You have accepted the place."),
        ("Kementerian mengonfirmasi tempat Anda.", "The ministry confirms your place."),
        Actor.MINISTRY,
    )


def _confirmed(telling: Telling) -> Story:
    now = ("Tempat Anda dikonfirmasi.", "Your place is confirmed.")
    return story(telling, now, to_the_show(telling), Actor.APPLICANT)


def _attended(telling: Telling) -> Story:
    days = [day(each.day) for each in telling.state.check_ins]
    if telling.exhibition.status is ExhibitionStatus.RUNNING and days:
        now = (
            f"Kehadiran Anda tercatat: {', '.join(each[0] for each in days)}.",
            f"You are recorded as present: {', '.join(each[1] for each in days)}.",
        )
        return story(telling, now, to_the_show(telling), Actor.APPLICANT)
    return story(
        telling,
        ("Anda telah mengikuti pameran.", "You took part in the exhibition."),
        (
            "Laporkan transaksi Anda dari pameran ini, juga yang terjadi setelahnya.",
            "Report your transactions of this exhibition, also those that follow it.",
        ),
        Actor.APPLICANT,
    )


def _absent(telling: Telling) -> Story:
    now = ("Anda tercatat tidak hadir.", "You are recorded as absent.")
    if telling.exhibition.status is ExhibitionStatus.REPORTED:
        return ended(telling, now)
    return ended(
        telling,
        now,
        (
            "Bila tidak benar, hubungi petugas sebelum laporan pameran dibuat.",
            "If this is wrong, ask an officer to correct it before the exhibition is reported.",
        ),
    )


def _declined(telling: Telling) -> Story:
    if "cap-reached" in telling.state.reasons:
        return ended(
            telling,
            (
                "Tempat tidak dapat diberikan: Anda sudah mendapat fasilitasi sebanyak yang "
                "diperbolehkan dalam program ini.",
                "The place cannot be given: you have been facilitated as often as this programme "
                "allows.",
            ),
        )
    return ended(telling, ("Anda menolak tawaran tempat.", "You declined the place."))


STORIES: dict[Status, Callable[[Telling], Story]] = {
    Status.SUBMITTED: _submitted,
    Status.NEEDS_CORRECTION: _needs_correction,
    Status.ELIGIBLE: eligible,
    Status.INELIGIBLE: _ineligible,
    Status.OFFERED: _offered,
    Status.ACCEPTED: _accepted,
    Status.CONFIRMED: _confirmed,
    Status.ATTENDED: _attended,
    Status.ABSENT: _absent,
    Status.DECLINED: _declined,
    Status.OFFER_EXPIRED: lambda telling: ended(
        telling,
        (
            "Tawaran tempat kedaluwarsa karena tidak dijawab.",
            "The offer expired because it was not answered.",
        ),
        (
            "Jawab tawaran berikutnya sebelum batas waktunya.",
            "Answer the next offer before its deadline.",
        ),
    ),
    Status.WITHDRAWN: lambda telling: ended(
        telling, ("Anda mengundurkan diri.", "You withdrew your application.")
    ),
    Status.LAPSED: lapsed,
    Status.CLOSED: closed,
}
"""The story of each status."""
