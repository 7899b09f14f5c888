"""The recapitulation of scores (Rekapitulasi Nilai) of an approved selection, and its check.

It has every candidate in order of rank, with its number in the register instead of a name: names
are in registration. Its digest is that of the ranking, which the approver has named. Money, quotas
and the overrides of an authority stand above the scores, and the objections that were upheld since.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.judgement import Proposal
from services.selection.domain.selection_round.objection import Objection, ObjectionStatus
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
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.selection.rubric import Deciding
from shared.contracts.written_day import whole_day, written_day
from shared.printing.check_page import CheckRow, check_page
from shared.printing.wording import (
    GROUNDS,
    ISSUER,
    money_facts,
    override_section,
    points,
    quota_section,
)

DECIDING = {Deciding.RAW: "nilai mentah", Deciding.CALIBRATED: "nilai terkalibrasi"}
NOTE = (
    "Nomor urut adalah peringkat. Nilai dalam skala 0,00 sampai 100,00. Nilai mentah adalah "
    "rata-rata lembar penilaian; nilai terkalibrasi tanpa pengaruh kelonggaran kurator. Nama calon "
    "ada pada layanan pendaftaran. Hasil menyatakan keadaan pada tanggal persetujuan."
)
CANDIDATE = Column(heading="Nomor pelaku usaha")
OBJECTION_COLUMNS = (
    CANDIDATE,
    Column(heading="Alasan", share=3),
    Column(heading="Dokumen", share=4),
)
TITLE = Label(id="Rekapitulasi Nilai", en="Recapitulation of scores")
STANDS = Label(
    id="Rekapitulasi nilai ini berasal dari hasil kurasi yang disetujui.",
    en="This recapitulation of scores is of the selection that was approved.",
)
CHANGED = Label(
    id="Rekapitulasi nilai ini berasal dari hasil kurasi yang disetujui; sesudah itu ada sanggahan "
    "yang dikabulkan.",
    en="This recapitulation is of the approved selection; objections were upheld since.",
)
CANCELLED = Label(
    id="Rekapitulasi nilai ini berasal dari hasil kurasi yang disetujui, tetapi pamerannya "
    "dibatalkan.",
    en="This recapitulation is of the approved selection, and its exhibition is cancelled.",
)


@dataclass(frozen=True, kw_only=True)
class RecapitulationCheck:
    """The answer to anybody who asks for the digest on a recapitulation: figures alone.

    `objections_upheld` counts those that have changed the result since.
    """

    exhibition: str
    exhibition_name: str
    ranking: str
    approved_on: date
    candidates: int
    selected: int
    reserve: int
    overrides: int
    objections_upheld: int
    cancelled: bool


def recapitulation(
    state: Round, proposal: Proposal, ranking: Ranking, name: str
) -> PrintedDocument:
    """Return the words of the recapitulation of an approved selection; `name` of its exhibition."""
    assert state.approved_on is not None, "the selection is approved"
    table = Table(columns=_columns(ranking), rows=tuple(_rows(ranking)), empty="Tidak ada calon.")
    return PrintedDocument(
        issuer=ISSUER,
        title=TITLE.id,
        about=name,
        number=proposal.ranking,
        issued_on=state.approved_on,
        sections=(
            Section(facts=tuple(_facts(state, proposal, ranking, name))),
            *quota_section(ranking.terms.quotas, _chosen_of(ranking)),
            override_section(ranking.terms.overrides, CANDIDATE, enterprise_of),
            *_objections(state),
            Section(heading="Calon menurut peringkat", paragraphs=(NOTE,), table=table),
        ),
    )


def recapitulation_check(
    state: Round, proposal: Proposal, ranking: Ranking, name: str
) -> RecapitulationCheck:
    """Return what the check of the digest says."""
    assert state.approved_on is not None, "the selection is approved"
    return RecapitulationCheck(
        exhibition=state.exhibition,
        exhibition_name=name,
        ranking=proposal.ranking,
        approved_on=state.approved_on,
        candidates=len(ranking.order),
        selected=len(ranking.selected),
        reserve=len(ranking.reserve),
        overrides=len(ranking.terms.overrides),
        objections_upheld=len(_upheld(state)),
        cancelled=state.status is Status.CANCELLED,
    )


def recapitulation_page(found: RecapitulationCheck) -> str:
    """Return the page of a check for a person."""
    rows = (
        CheckRow(label=Label(id="Jenis", en="Kind"), value=TITLE),
        CheckRow(label=Label(id="Nomor", en="Number"), value=found.ranking),
        CheckRow(label=Label(id="Pameran", en="Exhibition"), value=found.exhibition_name),
        CheckRow(label=Label(id="Disetujui", en="Approved"), value=whole_day(found.approved_on)),
        CheckRow(label=Label(id="Jumlah calon", en="Candidates"), value=str(found.candidates)),
        CheckRow(label=Label(id="Terpilih", en="Selected"), value=str(found.selected)),
        CheckRow(label=Label(id="Cadangan", en="Reserve"), value=str(found.reserve)),
        CheckRow(
            label=Label(id="Keputusan khusus pejabat", en="Overrides of an authority"),
            value=str(found.overrides),
        ),
        CheckRow(
            label=Label(id="Sanggahan yang dikabulkan", en="Objections upheld since"),
            value=str(found.objections_upheld),
        ),
    )
    changed = CHANGED if found.objections_upheld else STANDS
    return check_page(CANCELLED if found.cancelled else changed, rows)


def _facts(
    state: Round, proposal: Proposal, ranking: Ranking, name: str
) -> Iterator[LabelledValue]:
    terms = ranking.terms
    yield LabelledValue(label="Pameran", value=name)
    yield LabelledValue(label="Kode pameran", value=state.exhibition)
    yield LabelledValue(label="Tahun anggaran", value=state.programme)
    yield LabelledValue(label="Instrumen penilaian", value=terms.rubric)
    yield LabelledValue(label="Metode peringkat", value=ranking.method)
    yield LabelledValue(label="Nilai penentu", value=DECIDING[terms.deciding])
    yield LabelledValue(label="Nilai ambang batas", value=points(terms.threshold))
    yield LabelledValue(label="Tempat", value=str(terms.places))
    yield from money_facts(terms.funds, terms.places)
    yield LabelledValue(label="Penutupan penilaian", value=f"ke-{ranking.closing}")
    yield LabelledValue(label="Kurator yang menilai", value=f"{len(ranking.scored_by)} orang")
    yield LabelledValue(label="Calon", value=str(len(ranking.order)))
    yield LabelledValue(label="Sidik hasil kurasi", value=_in_groups(proposal.digest))


def _in_groups(digest: str) -> str:
    """Return a digest in groups, as a person compares it."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _chosen_of(ranking: Ranking) -> Counter[str]:
    """Return how many of the selected each quota counts."""
    return Counter(code for rank in ranking.chosen for code in ranking.codes_of(rank))


def _upheld(state: Round) -> tuple[Objection, ...]:
    return tuple(each for each in state.objections if each.status is ObjectionStatus.UPHELD)


def _objections(state: Round) -> tuple[Section, ...]:
    rows = []
    for each in _upheld(state):
        decision = each.decision
        assert decision is not None, "an objection is upheld by a decision"
        document = f"{decision.number}, {written_day(decision.signed_on).id}"
        ground = GROUNDS[ObjectionGround(decision.code)]
        rows.append((enterprise_of(each.application), ground, document))
    if not rows:
        return ()
    table = Table(columns=OBJECTION_COLUMNS, rows=tuple(rows))
    return (Section(heading="Sanggahan yang dikabulkan sesudah persetujuan", table=table),)


def _columns(ranking: Ranking) -> tuple[Column, ...]:
    calibrated = (Column(heading="Terkalibrasi", numbers=True),) if ranking.calibrated else ()
    return (
        Column(heading="No.", numbers=True),
        CANDIDATE,
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
            points(raw[id]),
            *((points(calibrated[id]),) if calibrated else ()),
            f"tidak: {', '.join(gates[id])}" if id in gates else "dipenuhi",
            results.get(id, "Tidak terpilih"),
        )


def _results(ranking: Ranking) -> dict[str, str]:
    reserve = {id: f"Cadangan {place}" for place, id in enumerate(ranking.reserve, 1)}
    return {**dict.fromkeys(ranking.selected, "Terpilih"), **reserve}
