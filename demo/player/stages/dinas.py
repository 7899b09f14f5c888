"""The spreadsheet of a dinas: its enterprises are registered by an import, after a trial.

In the first table an official number was rounded by the spreadsheet, as it happens. The trial finds
the row and writes nothing; the corrected table is imported, row by row.
"""

from collections.abc import Sequence
from typing import Any

from demo import DemoError
from demo.fiction.enterprises import Enterprise
from demo.player.people import IMPORTER
from demo.player.play import Play
from demo.player.stages.papers import scanned
from services.registration.domain.imports.columns import COLUMNS, SHEET
from shared.tables import Page, write_xlsx

PROVINCE, PROVINCE_NAME = "32", "Jawa Barat"
IMPORTS = "registration/imports"
ROUNDED = "3,27301E+15"
"""An official number as a spreadsheet shows it if it treats it as an amount, and rounds it."""


def is_of_the_dinas(entry: Enterprise) -> bool:
    """Return True if the dinas of its province registers this enterprise."""
    return entry.province == PROVINCE


async def import_table(play: Play) -> str:
    """Try the faulty table, import the corrected one, and note the ids of the enterprises."""
    entries = [entry for entry in play.world.enterprises if is_of_the_dinas(entry)]
    rows = [_row(play, entry) for entry in entries]
    faulty = [{**rows[0], "npwp": ROUNDED}, *rows[1:]]
    tried = await play.api.send_file(IMPORTER, f"{IMPORTS}/trial", _table(faulty), apart="trial")
    if tried["outcomes"]["MALFORMED"] != 1:
        raise DemoError(f"The trial was to find one faulty row, and found {tried['outcomes']}")
    sent = await play.api.send_file(IMPORTER, IMPORTS, _table(rows), apart="import")
    await play.wait_until_idle()
    outcomes = await play.api.pages(IMPORTER, f"{IMPORTS}/{sent['id']}/rows")
    by_row = sorted(outcomes, key=lambda item: int(item["row"]))
    for entry, item in zip(entries, by_row, strict=True):
        if item["outcome"] != "REGISTERED":
            raise DemoError(f"Row {item['row']} was to be registered: {item}")
        play.enterprise_registered(entry.number, item["enterprise"])
    return (
        f"{len(entries)} of them from the table of the dinas of {PROVINCE_NAME} (1 row corrected)"
    )


def _row(play: Play, entry: Enterprise) -> dict[str, str]:
    """Return the cells of an enterprise by the name of their column."""
    form = entry.form
    cells = {name: str(form[name]) for name in form if isinstance(form[name], str | int)}
    cells["cooperative"] = "Ya" if form["cooperative"] else "Tidak"
    cells["province"] = PROVINCE_NAME
    cells["products"] = "; ".join(product["name"] for product in form["products"])
    documents = () if scanned(play, entry.number) else entry.documents
    identifiers: dict[str, str] = form["identifiers"]
    board = {"board_niks": "; ".join(form["board_niks"])}
    return cells | identifiers | board | _papers(documents)


def _papers(documents: Sequence[dict[str, Any]]) -> dict[str, str]:
    return {
        f"{name}_{number}": value
        for number, document in enumerate(documents, 1)
        for name, value in document.items()
        if value is not None
    }


def _table(rows: Sequence[dict[str, str]]) -> bytes:
    cells = [[row.get(column.name, "") for column in COLUMNS] for row in rows]
    headings = [column.heading for column in COLUMNS]
    return write_xlsx([Page(name=SHEET, headings=headings, rows=cells)])
