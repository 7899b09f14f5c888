"""The objections (Sanggahan) that were upheld since the approval, as the minutes show them."""

from collections.abc import Mapping, Sequence

from services.registration.domain.selection_record import UpheldObjection
from services.registration.responses.printed.wording import Named, indonesian_day
from shared.contracts.printed_document import Column, Section, Table
from shared.printing.wording import GROUNDS

COLUMNS = (
    Column(heading="Pelaku usaha", share=4),
    Column(heading="Alasan", share=3),
    Column(heading="Dokumen", share=4),
    Column(heading="Akibat", share=5),
)
NONE_YET = "Tidak ada sampai tanggal penerbitan berita acara ini."


def upheld_section(upheld: Sequence[UpheldObjection], named: Mapping[str, Named]) -> Section:
    """Return the objections that were upheld, or that there are none."""
    rows = tuple(
        (
            named[each.application].name,
            GROUNDS[each.ground],
            f"{each.number}, {indonesian_day(each.signed_on)}",
            _effect(each, named),
        )
        for each in upheld
    )
    table = Table(columns=COLUMNS, rows=rows, empty=NONE_YET)
    return Section(heading="Sanggahan yang dikabulkan sesudah persetujuan", table=table)


def _effect(upheld: UpheldObjection, named: Mapping[str, Named]) -> str:
    if upheld.instead_of is not None:
        holder = named[upheld.instead_of].name
        return f"mendapat tempat yang semula diberikan kepada {holder}, yang menjadi cadangan"
    return "mendapat tempat" if upheld.placed else "menjadi cadangan pertama"
