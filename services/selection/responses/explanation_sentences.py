"""The sentences of an explanation, in Indonesian and in English."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.ranking.explanation import Trace, Verdict
from services.selection.domain.selection_round.objection import ObjectionStatus
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.contracts.selection.approval import Override, OverrideEffect
from shared.contracts.words import Sentence


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The terms of the ranking that sentences name, and the gates that are not passed.

    `is_calibrated`: the score that ranked is the calibrated one. `threshold` in hundredths.
    """

    threshold: int
    places: int
    is_calibrated: bool
    gates: tuple[Sentence, ...]


def by_authority(override: Override) -> Sentence:
    """Return that an authority has given a place, or has excluded the candidate."""
    number, signed_on = override.document.number, override.document.signed_on
    if override.effect is OverrideEffect.ADMITTED:
        return _words(
            f"Anda mendapat tempat berdasarkan dokumen {number} tanggal {signed_on}.",
            f"You have a place by document {number} of {signed_on}.",
        )
    return _words(
        f"Anda dikeluarkan dari kurasi ini berdasarkan dokumen {number} tanggal {signed_on}.",
        f"You are excluded from this selection by document {number} of {signed_on}.",
    )


def because(trace: Trace, basis: Basis) -> Sentence:
    """Return why it was decided so when the selection was approved."""
    score, threshold = _score(trace, basis), _points(basis.threshold)
    match trace.verdict:
        case Verdict.SELECTED:
            return _words(
                f"{score[0]}; Anda berada di peringkat {trace.rank} dari {trace.candidates} "
                "peserta dan terpilih.",
                f"{score[1]}; you ranked {trace.rank} of {trace.candidates} and were selected.",
            )
        case Verdict.RESERVE if trace.stop is not None:
            return _passed_over(trace, trace.stop)
        case Verdict.RESERVE:
            return _words(
                f"{score[0]} dan mencapai ambang batas {threshold[0]}. Saat disetujui, tempat yang "
                f"tersedia ({basis.places}) sudah terisi, dan Anda nomor {trace.reserve_place} di "
                "daftar cadangan.",
                f"{score[1]} and reaches the threshold of {threshold[1]}. At the approval the "
                f"places ({basis.places}) were taken, and you were number {trace.reserve_place} on "
                "the reserve list.",
            )
        case Verdict.GATE_NOT_PASSED:
            return _words(
                "Menurut sebagian besar kurator, syarat kurasi ini tidak terpenuhi: "
                f"{'; '.join(gate.id for gate in basis.gates)}. Nilai tidak dapat menggantikannya.",
                "Most curators found that this is not met: "
                f"{'; '.join(gate.en for gate in basis.gates)}. No score makes up for it.",
            )
        case Verdict.BELOW_THRESHOLD:
            return _words(
                f"{score[0]}, di bawah ambang batas {threshold[0]}.",
                f"{score[1]}, below the threshold of {threshold[1]}.",
            )


def _score(trace: Trace, basis: Basis) -> Sequence[str]:
    """Return the begin of a sentence with the score that ranked, and which of the two it is."""
    points = _points(trace.score)
    if not basis.is_calibrated:
        return f"Nilai Anda {points[0]}", f"Your score is {points[1]}"
    return (
        f"Nilai Anda {points[0]} setelah dikalibrasi (tanpa pengaruh ketat atau longgarnya para "
        "kurator Anda)",
        f"Your score is {points[1]} as calibrated (without the severity or leniency of your "
        "curators)",
    )


def since(trace: Trace, application: str, state: Round) -> Sentence | None:
    """Return what has changed since the selection was approved; None: nothing."""
    if state.status is Status.CANCELLED:
        return _words(
            "Sejak itu pameran ini dibatalkan.", "The exhibition has been cancelled since."
        )
    seat = state.seats.get(application)
    if seat is SeatStatus.LOST:
        return _words(
            "Tempat Anda sudah dilepas: alasannya ada di riwayat permohonan Anda.",
            "Your place has been lost since: the reason is in the story of your application.",
        )
    if seat is SeatStatus.ESCROWED:
        return _words(
            "Tempat Anda ditahan sampai sebuah sanggahan diputuskan.",
            "Your place is held until an objection is decided.",
        )
    if trace.verdict is Verdict.SELECTED:
        return _displaced(application, state)
    return None if seat is None else _with_a_place(application, state)


def _displaced(application: str, state: Round) -> Sentence | None:
    """Return that the place went to another whose objection was upheld."""
    if application not in state.reserve:
        return None
    number = state.reserve.index(application) + 1
    return _words(
        "Sejak itu sanggahan peserta lain diterima dan tempat Anda diberikan kepadanya; Anda kini "
        f"nomor {number} di daftar cadangan.",
        "Since then the objection of another was upheld and has your place; you are number "
        f"{number} on the reserve list now.",
    )


def _with_a_place(application: str, state: Round) -> Sentence:
    """Return how one who was not selected has a place now."""
    objection = state.objection_of(application)
    if objection is not None and objection.status is ObjectionStatus.UPHELD:
        return _words(
            "Sejak itu sanggahan Anda diterima dan Anda mendapat tempat.",
            "Your objection has been upheld since, and you have a place.",
        )
    return _words(
        "Sejak itu Anda naik dari daftar cadangan dan mendapat tempat.",
        "You have moved up from the reserve list since, and have a place.",
    )


def _passed_over(trace: Trace, stop: QuotaStop) -> Sentence:
    if stop.bound is Bound.OWNER:
        return _words(
            f"Peringkat Anda {trace.rank}, tetapi usaha lain dari pemilik yang sama mendapat "
            "tempat; setiap pemilik mendapat satu.",
            f"You ranked {trace.rank}, but another enterprise of your owner has a place; each "
            "owner gets one.",
        )
    if stop.bound is Bound.OVERRIDE:
        return _words(
            f"Peringkat Anda {trace.rank}, tetapi tempat diberikan berdasarkan keputusan khusus.",
            f"You ranked {trace.rank}, but an authority has given a place to another.",
        )
    if stop.bound is Bound.MONEY:
        return _words(
            f"Peringkat Anda {trace.rank}, tetapi dana yang tersedia belum cukup untuk tempat "
            "Anda.",
            f"You ranked {trace.rank}, but the money that is available does not pay for your "
            "place.",
        )
    if stop.bound is Bound.TOGETHER:
        return _words(
            f"Peringkat Anda {trace.rank}, tetapi batas tempat, dana, dan kuota bersama-sama "
            "dipenuhi oleh calon lain dengan jumlah nilai yang lebih tinggi.",
            f"You ranked {trace.rank}, but places, money and quotas together are met by others "
            "with more points in all.",
        )
    if stop.bound is Bound.MAXIMUM:
        return _words(
            f"Peringkat Anda {trace.rank}, tetapi kuota {stop.quota} sudah mencapai jumlah "
            "maksimumnya.",
            f"You ranked {trace.rank}, but quota {stop.quota} had all the places of its maximum.",
        )
    return _words(
        f"Peringkat Anda {trace.rank}, tetapi tempat yang tersisa diperlukan untuk jumlah minimum "
        f"kuota {stop.quota}.",
        f"You ranked {trace.rank}, but the places that were left were needed for the minimum of "
        f"quota {stop.quota}.",
    )


def sufficient(trace: Trace) -> Sentence | None:
    """Return the least score with which it would have been selected; None if it was."""
    if trace.verdict in (Verdict.SELECTED, Verdict.GATE_NOT_PASSED):
        return None
    if trace.sufficient_score is None:
        return _words(
            "Dengan nilai berapa pun Anda tidak akan terpilih dalam kurasi ini.",
            "With no score would you have been selected in this round.",
        )
    enough = _points(trace.sufficient_score)
    return _words(
        f"Dengan nilai {enough[0]} Anda akan terpilih, bila yang lain tetap.",
        f"With a score of {enough[1]} you would have been selected, with all others as they are.",
    )


def _points(hundredths: int) -> Sequence[str]:
    """Return a score as people write it, in Indonesian and in English: `70,50` and `70.50`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}", f"{whole}.{rest:02}"


def _words(indonesian: str, english: str) -> Sentence:
    return Sentence(id=indonesian, en=english)
