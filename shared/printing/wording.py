"""The words that printed documents of several services share, in Indonesian.

They are the letterhead, points and rupiah, the money and the quotas of a selection, and the
overrides of an authority, which every document about a selection shows, with the grounds of
objections.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from shared.contracts.printed_document import Column, LabelledValue, Section, Table
from shared.contracts.provinces import NAMES
from shared.contracts.registration.quota import (
    CooperativeGroup,
    FirstTimerGroup,
    ProvinceGroup,
    Quota,
    SectorGroup,
)
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.override_names import AUTHORITIES, CODES, EFFECTS
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.written_day import written_day

ISSUER = (
    "Kementerian Koperasi dan Usaha Kecil dan Menengah",
    "Republik Indonesia",
    "Deputi Bidang Produksi dan Pemasaran",
)
QUOTA_COLUMNS = (
    Column(heading="Kuota", share=3),
    Column(heading="Kelompok", share=4),
    Column(heading="Paling sedikit", numbers=True),
    Column(heading="Paling banyak", numbers=True),
    Column(heading="Terpilih", numbers=True),
    Column(heading="Kurang", numbers=True),
)
OVERRIDE_COLUMNS = (
    Column(heading="Keputusan", share=3),
    Column(heading="Pejabat", share=2),
    Column(heading="Alasan", share=3),
    Column(heading="Dokumen", share=4),
)
NO_OVERRIDE = "Tidak ada: daftar mengikuti peringkat, kuota, dan anggaran."
GROUNDS = {
    ObjectionGround.SCORE: "nilai",
    ObjectionGround.GATE: "syarat kurasi",
    ObjectionGround.RANK: "peringkat",
    ObjectionGround.CONFLICT_OF_INTEREST: "benturan kepentingan",
    ObjectionGround.PROCEDURE: "tata cara",
    ObjectionGround.OTHER: "alasan lain",
}
"""The grounds of an objection (Sanggahan)."""


def points(hundredths: int) -> str:
    """Return points as people write them: `60,00`."""
    return f"{hundredths // 100},{hundredths % 100:02}"


def rupiah(amount: int) -> str:
    """Return an amount as people write it: `Rp 1.250.000.000`."""
    return f"Rp {amount:,}".replace(",", ".")


def money_facts(funds: Funds | None, places: int) -> tuple[LabelledValue, ...]:
    """Return the lines about the money of a selection, which pays for some of its places."""
    if funds is None:
        return (LabelledValue(label="Anggaran", value="tidak membatasi: belum dialokasikan"),)
    paid = min(places, funds.places)
    return (
        LabelledValue(label="Anggaran dialokasikan", value=rupiah(funds.ceiling_idr)),
        LabelledValue(label="Biaya satu tempat", value=rupiah(funds.place_cost_idr)),
        LabelledValue(label="Tempat yang dibiayai", value=f"{paid} dari {places}"),
    )


def quota_section(quotas: Sequence[Quota], selected: Mapping[str, int]) -> tuple[Section, ...]:
    """Return the quotas of a call; `selected` counts the selected of each, by its code."""
    if not quotas:
        return ()
    rows = tuple(
        (
            each.code,
            group_of(each),
            str(each.minimum),
            "-" if each.maximum is None else str(each.maximum),
            str(selected.get(each.code, 0)),
            str(max(0, each.minimum - selected.get(each.code, 0))),
        )
        for each in quotas
    )
    return (Section(heading="Kuota", table=Table(columns=QUOTA_COLUMNS, rows=rows)),)


def override_section(
    overrides: Sequence[Override], candidate: Column, name: Callable[[str], str]
) -> Section:
    """Return the overrides of an authority, or that there are none.

    `name` is what the column of the `candidate` says, by application.
    """
    rows = tuple(
        (
            name(each.application),
            EFFECTS[each.effect],
            AUTHORITIES[each.authority],
            CODES[each.code],
            f"{each.document.number}, {written_day(each.document.signed_on).id}",
        )
        for each in overrides
    )
    table = Table(columns=(candidate, *OVERRIDE_COLUMNS), rows=rows, empty=NO_OVERRIDE)
    return Section(heading="Keputusan khusus pejabat yang berwenang", table=table)


def group_of(quota: Quota) -> str:
    """Return the group of a quota in words."""
    group = quota.group
    match group:
        case SectorGroup():
            return f"sektor KBLI {', '.join(group.sectors)}"
        case ProvinceGroup():
            return f"provinsi {', '.join(NAMES[each.iso] for each in group.provinces)}"
        case FirstTimerGroup():
            return "belum pernah difasilitasi"
        case CooperativeGroup():
            return "koperasi"
        case _:
            assert_never(group)
