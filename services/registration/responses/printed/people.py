"""Room for the names and signatures of the people of a selection, as the minutes need it.

Topics carry neither names nor accounts, so each person writes its name.
"""

from shared.contracts.printed_document import Column, Section, Table

COLUMNS = (
    Column(heading="No.", numbers=True),
    Column(heading="Sebagai", share=4),
    Column(heading="Nama", share=5),
    Column(heading="Tanda tangan", share=4),
)
OFFICERS = ("petugas yang menutup penilaian", "petugas yang mengusulkan", "pejabat yang menyetujui")


def people_section(panel_size: int) -> tuple[Section, ...]:
    """Return a line for each curator of the panel, then those who closed, proposed and approved."""
    if not panel_size:
        return ()
    roles = (*["kurator"] * panel_size, *OFFICERS)
    rows = tuple((str(number), role, "", "") for number, role in enumerate(roles, 1))
    table = Table(columns=COLUMNS, rows=rows, tall=True)
    return (Section(heading="Tim kurator dan petugas", table=table),)
