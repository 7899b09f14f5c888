"""The responses of the coaching list (Daftar Pembinaan): who needs help, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.registration.domain.application.correction import NOT_DELIVERED
from services.registration.domain.application.state import Application, Status
from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.words import Sentence, SizeClass

HEADINGS = ("Pelaku usaha", "Nama", "Sektor (KBLI)", "Skala", "Pameran", "Hasil", "Alasan")
SIZES = {SizeClass.MICRO: "Mikro", SizeClass.SMALL: "Kecil", SizeClass.MEDIUM: "Menengah"}


@dataclass(frozen=True, kw_only=True)
class CoachingResponse:
    """An applicant that was rejected or not selected; `name` is None for who may not see it."""

    enterprise: str
    name: str | None
    exhibition: str
    sector: str
    size_class: SizeClass
    cooperative: bool
    rejected: bool
    reasons: tuple[str, ...]
    because: tuple[Sentence, ...]


RESULTS: dict[str, Sentence] = {
    ClosingResult.BELOW_THRESHOLD: Sentence(
        id="Nilai di bawah ambang batas", en="Score below the threshold"
    ),
    ClosingResult.RESERVE: Sentence(
        id="Giliran cadangan tidak tercapai", en="Its turn on the reserve list did not come"
    ),
    ClosingResult.GATE: Sentence(
        id="Satu syarat kurasi tidak terpenuhi", en="A condition of the selection is not met"
    ),
    NOT_DELIVERED: Sentence(
        id="Perbaikan tidak diterima sampai batas waktunya",
        en="The correction did not come in time",
    ),
}


def coaching_response(
    state: Application, name: str | None, rules: RuleSet | None
) -> CoachingResponse:
    """Return what a coach needs of an application; the reasons are codes of rules or a result.

    `because` has them in words: a rule by its text in the rule set.
    """
    return CoachingResponse(
        enterprise=state.enterprise,
        name=name,
        exhibition=state.exhibition,
        sector=state.applicant.sector,
        size_class=state.applicant.size_class,
        cooperative=state.applicant.cooperative,
        rejected=state.status is Status.INELIGIBLE,
        reasons=state.reasons,
        because=tuple(_words(code, rules) for code in state.reasons),
    )


def _words(code: str, rules: RuleSet | None) -> Sentence:
    texts = {rule.code: rule.text for rule in rules.rules} if rules else {}
    text = texts.get(code)
    if text is None:
        return RESULTS.get(code, Sentence(id=code, en=code))
    return Sentence.model_construct(id=f"Tidak terpenuhi: {text.id}", en=f"Not met: {text.en}")


def row_of(state: CoachingResponse) -> Sequence[str]:
    """Return the row of the table, with Indonesian labels."""
    return (
        state.enterprise,
        state.name or "",
        state.sector,
        SIZES[state.size_class],
        state.exhibition,
        "Tidak memenuhi syarat" if state.rejected else "Tidak terpilih",
        "; ".join(each.id for each in state.because),
    )
