"""The responses of the coaching list (Daftar Pembinaan): who needs help, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.registration.domain.application.state import Application, Status
from shared.contracts.words import SizeClass

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


def coaching_response(state: Application, name: str | None) -> CoachingResponse:
    """Return what a coach needs of an application; the reasons are codes of rules or a result."""
    return CoachingResponse(
        enterprise=state.enterprise,
        name=name,
        exhibition=state.exhibition,
        sector=state.applicant.sector,
        size_class=state.applicant.size_class,
        cooperative=state.applicant.cooperative,
        rejected=state.status is Status.INELIGIBLE,
        reasons=state.reasons,
    )


def row_of(state: CoachingResponse) -> Sequence[str]:
    """Return the row of the table, with Indonesian labels."""
    return (
        state.enterprise,
        state.name or "",
        state.sector,
        SIZES[state.size_class],
        state.exhibition,
        "Tidak memenuhi syarat" if state.rejected else "Tidak terpilih",
        ", ".join(state.reasons),
    )
