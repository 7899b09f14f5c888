"""The stories of the selection: an application that waits for it, or was closed by it.

Called by `story`.
"""

from services.registration.responses.application import Outcome, Result
from services.registration.responses.quotas import by_quota
from services.registration.responses.telling import Actor, Story, Telling, ended, story

JUDGED = (Outcome.RESERVE_NOT_REACHED, Outcome.NOT_SELECTED, Outcome.GATE_NOT_PASSED)
"""The outcomes of those whom curators have scored."""
EXPLAINED = (
    "Nilai Anda dan yang menentukan hasilnya ada dalam penjelasan hasil kurasi.",
    "The explanation of the selection has your score, and what decided the result.",
)


def eligible(telling: Telling) -> Story:
    """Return the story of an application that meets every requirement."""
    now = (
        "Permohonan Anda memenuhi semua persyaratan.",
        "Your application meets every requirement.",
    )
    because = by_quota(telling.result)
    return story(telling, now, _standing(telling.result), Actor.MINISTRY, because=because)


def _standing(result: Result | None) -> tuple[str, str]:
    match result.outcome if result else None:
        case Outcome.SELECTED:
            return (
                "Anda terpilih; tempat ditawarkan begitu anggarannya tersedia.",
                "You are selected; a place is offered as soon as there is money for it.",
            )
        case Outcome.RESERVE:
            place = result.place if result else None
            return (
                f"Anda berada di daftar cadangan nomor {place}; tempat yang kosong diberikan "
                "menurut urutan.",
                f"You are number {place} on the reserve list; a place that becomes free is given "
                "in this order.",
            )
        case Outcome.NOT_SELECTED:
            return (
                "Nilai Anda di bawah ambang batas; permohonan ditutup dengan penetapan peserta.",
                "Your score is below the threshold; the application is closed by the decree of "
                "the participants.",
            )
        case Outcome.GATE_NOT_PASSED:
            return (
                "Menurut tim kurator, satu syarat kurasi tidak terpenuhi; permohonan ditutup "
                "dengan penetapan peserta.",
                "The curators find that a condition of the selection is not met; the application "
                "is closed by the decree of the participants.",
            )
        case _:
            return (
                "Tim kurator menilai semua permohonan yang memenuhi syarat.",
                "The curators judge all applications that meet the requirements.",
            )


def closed(telling: Telling) -> Story:
    """Return the story of an application that ended without a place and without an act."""
    result = telling.result
    match result.outcome if result else None:
        case Outcome.RESERVE_NOT_REACHED:
            place = result.place if result else None
            now = (
                f"Anda berada di daftar cadangan nomor {place}, dan giliran Anda tidak tercapai.",
                f"You were number {place} on the reserve list, and your turn did not come.",
            )
        case Outcome.NOT_SELECTED:
            now = (
                "Anda tidak terpilih: nilai Anda di bawah ambang batas.",
                "You were not selected: your score was below the threshold.",
            )
        case Outcome.GATE_NOT_PASSED:
            now = (
                "Anda tidak terpilih: menurut tim kurator, satu syarat kurasi tidak terpenuhi.",
                "You were not selected: the curators found that a condition of the selection is "
                "not met.",
            )
        case Outcome.EXHIBITION_CANCELLED:
            now = ("Pameran ini dibatalkan.", "The exhibition was cancelled.")
        case _:
            now = (
                "Permohonan tidak diputuskan sampai pameran berakhir.",
                "The application was not decided before the exhibition was over.",
            )
    judged = result is not None and result.outcome in JUDGED
    return ended(telling, now, *((EXPLAINED,) if judged else ()), because=by_quota(result))
