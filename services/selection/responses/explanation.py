"""The explanation of a decision for its applicant: its own scores, rank, and what was in the way.

No level tells which curator gave it. The sufficient score is the cut-off, so it is near the score
of a rival: that of the last who was selected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.selection.domain.candidate.points import LOWEST_LEVEL
from services.selection.domain.candidate.state import Candidate
from services.selection.domain.ranking.explanation import Trace, Verdict
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.rubric.decider import Rubric, is_for
from services.selection.domain.selection_round.state import Round, SeatStatus, Status
from shared.contracts.registration.quota import Bound, QuotaStop
from shared.contracts.selection.approval import Override, OverrideEffect
from shared.contracts.words import Sentence


@dataclass(frozen=True, kw_only=True)
class CriterionResult:
    """A criterion of the rubric, and the levels that counted, in order."""

    code: str
    name: Sentence
    weight: int
    levels: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """A gate of the rubric, and if the candidate passed it."""

    code: str
    text: Sentence
    passed: bool


@dataclass(frozen=True, kw_only=True)
class ExplanationResponse:
    """The decision on a candidate; scores in hundredths of a point.

    `score` ranked: the raw one, the mean of the totals of its sheets, or the calibrated one. `seat`
    is null for one that got none. `because`, `since` (what has changed after the approval) and
    `sufficient` are sentences in both languages.
    """

    verdict: Verdict
    score: int
    raw: int
    calibrated: int | None
    threshold: int
    rank: int | None
    passed: int
    candidates: int
    places: int
    reserve_place: int | None
    quota: QuotaStop | None
    override: Override | None
    seat: SeatStatus | None
    gates: tuple[GateResult, ...]
    criteria: tuple[CriterionResult, ...]
    sufficient_score: int | None
    because: Sentence
    since: Sentence | None
    sufficient: Sentence | None


def explanation_response(
    trace: Trace, candidate: Candidate, rubric: Rubric, ranking: Ranking, state: Round
) -> ExplanationResponse:
    """Return the explanation of a candidate; the caller checks that it is decided."""
    application, sector = candidate.applicant.application, candidate.applicant.sector
    stopped = ranking.gates_not_passed.get(application, ())
    return ExplanationResponse(
        verdict=trace.verdict,
        score=trace.score,
        raw=ranking.raw_of()[application],
        calibrated=ranking.calibrated_of().get(application),
        threshold=ranking.terms.threshold,
        rank=trace.rank,
        passed=trace.passed,
        candidates=trace.candidates,
        places=ranking.terms.places,
        reserve_place=trace.reserve_place,
        quota=trace.stop,
        override=_override(application, ranking),
        seat=state.seats.get(application),
        gates=tuple(
            GateResult(code=gate.code, text=gate.text, passed=gate.code not in stopped)
            for gate in rubric.gates
            if is_for(gate, sector)
        ),
        criteria=tuple(
            CriterionResult(
                code=criterion.code,
                name=criterion.name,
                weight=criterion.weight,
                levels=_levels(criterion.code, candidate),
            )
            for criterion in rubric.criteria
            if is_for(criterion, sector)
        ),
        sufficient_score=trace.sufficient_score,
        because=_by_authority(application, ranking) or _because(trace, ranking),
        since=_since(trace, application, state),
        sufficient=_sufficient(trace),
    )


def _override(application: str, ranking: Ranking) -> Override | None:
    found = (each for each in ranking.terms.overrides if each.application == application)
    return next(found, None)


def _by_authority(application: str, ranking: Ranking) -> Sentence | None:
    override = _override(application, ranking)
    if override is None:
        return None
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


def _levels(code: str, candidate: Candidate) -> tuple[int, ...]:
    # A criterion that a sheet leaves out counts as the lowest level, if the rubric lets it.
    return tuple(sorted(sheet.levels.get(code, LOWEST_LEVEL) for sheet in candidate.sheets))


def _because(trace: Trace, ranking: Ranking) -> Sentence:
    score, threshold = _points(trace.score), _points(ranking.terms.threshold)
    match trace.verdict:
        case Verdict.SELECTED:
            return _words(
                f"Nilai Anda {score[0]}; Anda berada di peringkat {trace.rank} dari "
                f"{trace.candidates} peserta dan terpilih.",
                f"Your score is {score[1]}; you ranked {trace.rank} of {trace.candidates} and were "
                "selected.",
            )
        case Verdict.RESERVE if trace.stop is not None:
            return _passed_over(trace, trace.stop)
        case Verdict.RESERVE:
            return _words(
                f"Nilai Anda {score[0]} mencapai ambang batas {threshold[0]}. Saat disetujui, "
                f"tempat yang tersedia ({ranking.terms.places}) sudah terisi, dan Anda nomor "
                f"{trace.reserve_place} di daftar cadangan.",
                f"Your score of {score[1]} reaches the threshold of {threshold[1]}. At the "
                f"approval the places ({ranking.terms.places}) were taken, and you were number "
                f"{trace.reserve_place} on the reserve list.",
            )
        case Verdict.GATE_NOT_PASSED:
            return _words(
                "Menurut sebagian besar kurator, satu syarat kurasi tidak terpenuhi; nilai tidak "
                "dapat menggantikannya.",
                "Most curators found that a gate is not met; no score makes up for it.",
            )
        case Verdict.BELOW_THRESHOLD:
            return _words(
                f"Nilai Anda {score[0]}, di bawah ambang batas {threshold[0]}.",
                f"Your score is {score[1]}, below the threshold of {threshold[1]}.",
            )


def _since(trace: Trace, application: str, state: Round) -> Sentence | None:
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
    if trace.verdict is Verdict.RESERVE and seat is not None:
        return _words(
            "Sejak itu Anda naik dari daftar cadangan dan mendapat tempat.",
            "You have moved up from the reserve list since, and have a place.",
        )
    return None


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


def _sufficient(trace: Trace) -> Sentence | None:
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
