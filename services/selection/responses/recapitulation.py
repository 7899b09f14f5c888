"""The recapitulation of scores (Rekapitulasi Nilai) of an approved selection, and its check.

It has every candidate in order of rank, with its number in the register instead of a name: names
are in registration. Its digest is that of the ranking, which the approver has named.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.state import Round, Status
from shared.contracts.ids import enterprise_of
from shared.contracts.labels import Label
from shared.contracts.printed_document import (
    Column,
    LabelledValue,
    PrintedDocument,
    Section,
    Table,
)
from shared.contracts.selection.override_names import AUTHORITIES, CODES, EFFECTS
from shared.contracts.selection.rubric import Deciding
from shared.printing.check_page import CheckRow, check_page, day_in_words, said_day

ISSUER = (
    "Kementerian Koperasi dan Usaha Kecil dan Menengah",
    "Republik Indonesia",
    "Deputi Bidang Produksi dan Pemasaran",
)
DECIDING = {Deciding.RAW: "nilai mentah", Deciding.CALIBRATED: "nilai terkalibrasi"}
QUOTA_COLUMNS = (
    Column(heading="Kuota", share=3),
    Column(heading="Paling sedikit", numbers=True),
    Column(heading="Paling banyak", numbers=True),
    Column(heading="Terpilih", numbers=True),
    Column(heading="Kurang", numbers=True),
)
OVERRIDE_COLUMNS = (
    Column(heading="Nomor pelaku usaha", share=3),
    Column(heading="Akibat", share=2),
    Column(heading="Pejabat dan alasan", share=3),
    Column(heading="Dokumen", share=3),
)
NOTE = (
    "Nomor urut adalah peringkat. Nilai dalam skala 0,00 sampai 100,00. Nilai mentah adalah "
    "rata-rata lembar penilaian; nilai terkalibrasi tanpa pengaruh kelonggaran kurator. Nama calon "
    "ada pada layanan pendaftaran. "
    "Hasil menyatakan keadaan pada tanggal persetujuan."
)
STANDS = Label(
    id="Rekapitulasi nilai ini berasal dari hasil kurasi yang disetujui.",
    en="This recapitulation of scores is of the selection that was approved.",
)
CANCELLED = Label(
    id="Rekapitulasi nilai ini berasal dari hasil kurasi yang disetujui, tetapi pamerannya "
    "dibatalkan.",
    en="This recapitulation is of the approved selection, and its exhibition is cancelled.",
)


@dataclass(frozen=True, kw_only=True)
class RecapitulationCheck:
    """The answer to anybody who asks for the digest on a recapitulation: figures alone."""

    exhibition: str
    ranking: str
    approved_on: date
    candidates: int
    selected: int
    reserve: int
    cancelled: bool


def recapitulation(state: Round, proposal: Proposal, ranking: Ranking) -> PrintedDocument:
    """Return the words of the recapitulation of an approved selection."""
    assert state.approved_on is not None, "the selection is approved"
    return PrintedDocument(
        issuer=ISSUER,
        title="Rekapitulasi Nilai",
        about=f"Kurasi pameran {state.exhibition}",
        number=proposal.ranking,
        issued_on=state.approved_on,
        sections=(
            Section(facts=tuple(_facts(state, proposal, ranking))),
            Section(
                heading="Calon menurut peringkat",
                table=Table(
                    columns=_columns(ranking), rows=tuple(_rows(ranking)), empty="Tidak ada calon."
                ),
            ),
            *_quotas(ranking),
            *_overrides(ranking),
            Section(closing=(NOTE,)),
        ),
    )


def recapitulation_check(state: Round, proposal: Proposal, ranking: Ranking) -> RecapitulationCheck:
    """Return what the check of the digest says."""
    assert state.approved_on is not None, "the selection is approved"
    return RecapitulationCheck(
        exhibition=state.exhibition,
        ranking=proposal.ranking,
        approved_on=state.approved_on,
        candidates=len(ranking.order),
        selected=len(ranking.selected),
        reserve=len(ranking.reserve),
        cancelled=state.status is Status.CANCELLED,
    )


def recapitulation_page(found: RecapitulationCheck) -> str:
    """Return the page of a check for a person."""
    rows: Sequence[CheckRow] = (
        ("Jenis", "Kind", "Rekapitulasi Nilai (recapitulation of scores)"),
        ("Nomor", "Number", found.ranking),
        ("Pameran", "Exhibition", found.exhibition),
        ("Disetujui", "Approved", said_day(found.approved_on)),
        ("Jumlah calon", "Candidates", str(found.candidates)),
        ("Terpilih", "Selected", str(found.selected)),
        ("Cadangan", "Reserve", str(found.reserve)),
    )
    return check_page(CANCELLED if found.cancelled else STANDS, rows)


def _facts(state: Round, proposal: Proposal, ranking: Ranking) -> Iterator[LabelledValue]:
    terms = ranking.terms
    yield LabelledValue(label="Pameran", value=state.exhibition)
    yield LabelledValue(label="Tahun anggaran", value=state.programme)
    yield LabelledValue(label="Instrumen penilaian", value=terms.rubric)
    yield LabelledValue(label="Metode peringkat", value=ranking.method)
    yield LabelledValue(label="Nilai penentu", value=DECIDING[terms.deciding])
    yield LabelledValue(label="Nilai ambang batas", value=_points(terms.threshold))
    yield LabelledValue(label="Tempat", value=str(terms.places))
    if terms.funds is not None:
        cost, paid = _rupiah(terms.funds.place_cost_idr), terms.funds.places
        yield LabelledValue(label="Anggaran", value=_rupiah(terms.funds.ceiling_idr))
        yield LabelledValue(label="Biaya setiap tempat", value=f"{cost}; cukup untuk {paid} tempat")
    yield LabelledValue(label="Penutupan penilaian", value=f"ke-{ranking.closing}")
    yield LabelledValue(label="Kurator yang menilai", value=f"{len(ranking.scored_by)} orang")
    yield LabelledValue(label="Calon", value=str(len(ranking.order)))
    yield LabelledValue(label="Sidik hasil kurasi", value=proposal.digest)


def _quotas(ranking: Ranking) -> Iterator[Section]:
    """Yield the quotas with the selected that each counts, and the places that it misses."""
    if ranking.terms.quotas:
        counts = Counter(code for rank in ranking.chosen for code in ranking.codes_of(rank))
        missed = {each.quota: each.places for each in ranking.shortfalls}
        rows = tuple(
            (
                quota.code,
                str(quota.minimum),
                "-" if quota.maximum is None else str(quota.maximum),
                str(counts[quota.code]),
                str(missed.get(quota.code, 0)),
            )
            for quota in ranking.terms.quotas
        )
        yield Section(heading="Kuota", table=Table(columns=QUOTA_COLUMNS, rows=rows))


def _overrides(ranking: Ranking) -> Iterator[Section]:
    """Yield the overrides of an authority, which are always shown."""
    if ranking.terms.overrides:
        rows = tuple(
            (
                enterprise_of(each.application),
                EFFECTS[each.effect],
                f"{AUTHORITIES[each.authority]}: {CODES[each.code]}",
                f"{each.document.number} tanggal {day_in_words(each.document.signed_on)}",
            )
            for each in ranking.terms.overrides
        )
        yield Section(
            heading="Keputusan khusus pejabat yang berwenang",
            table=Table(columns=OVERRIDE_COLUMNS, rows=rows),
        )


def _columns(ranking: Ranking) -> tuple[Column, ...]:
    calibrated = (Column(heading="Terkalibrasi", numbers=True),) if ranking.calibrated else ()
    return (
        Column(heading="No.", numbers=True),
        Column(heading="Nomor pelaku usaha"),
        Column(heading="Mentah", numbers=True),
        *calibrated,
        Column(heading="Syarat", share=2),
        Column(heading="Hasil", share=2),
    )


def _rows(ranking: Ranking) -> Iterator[tuple[str, ...]]:
    raw, calibrated = ranking.raw_of(), ranking.calibrated_of()
    gates, results = ranking.gates_not_passed, _results(ranking)
    # The ranking's order has everyone that passed first, and those below after them.
    for rank, enterprise in enumerate(ranking.order, 1):
        id = f"{ranking.exhibition}.{enterprise}"
        yield (
            str(rank),
            enterprise_of(id),
            _points(raw[id]),
            *((_points(calibrated[id]),) if calibrated else ()),
            f"tidak: {', '.join(gates[id])}" if id in gates else "dipenuhi",
            results.get(id, "Tidak terpilih"),
        )


def _results(ranking: Ranking) -> dict[str, str]:
    reserve = {id: f"Cadangan {place}" for place, id in enumerate(ranking.reserve, 1)}
    return {**dict.fromkeys(ranking.selected, "Terpilih"), **reserve}


def _points(hundredths: int) -> str:
    return f"{hundredths // 100},{hundredths % 100:02}"


def _rupiah(amount_idr: int) -> str:
    return f"Rp {amount_idr:,}".replace(",", ".")
