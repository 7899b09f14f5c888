"""The table of booths: an officer takes it with all participants, fills it in, and sends it back.

| heading | cell |
|---|---|
| Pelaku Usaha | the id of the enterprise |
| Nama | its name, for the officer; it is not read |
| Stan | the label of its booth; empty: its booth stays as it is |

A table is taken as a whole or not at all: a wrong cell is refused with its row.
"""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from services.registration.domain.floor_plan import AssignBooths
from shared.contracts.registration.floor_plan import PLACES_MAX, BoothAssignment
from shared.tables.grid import Grid, Unreadable, Value

SHEET = "Data"
ENTERPRISE, NAME, BOOTH = HEADINGS = ("Pelaku Usaha", "Nama", "Stan")
ROWS_MAX, COLUMNS_MAX = PLACES_MAX, 20
ASSIGNMENT = TypeAdapter(BoothAssignment)


def read_booths(grid: Grid) -> AssignBooths:
    """Return the command of a table. Raises `Unreadable`."""
    if grid.faults:
        fault = grid.faults[0]
        raise _wrong(fault.row, f"the cell of column {fault.column} cannot be taken ({fault.code})")
    assignments = tuple(_assignments(grid))
    if not assignments:
        raise Unreadable(
            "no-booths", f"No row of the table has a booth: fill in the column {BOOTH}."
        )
    return AssignBooths(assignments=assignments)


def _assignments(grid: Grid) -> Iterator[BoothAssignment]:
    headings, *rows = grid.rows or [()]
    enterprise, booth = _columns(headings)
    for number, row in enumerate(rows, 2):
        cells = [_text(row, position) for position in (enterprise, booth)]
        if not cells[1]:
            continue
        given = {"enterprise": cells[0], "booth": cells[1].upper()}
        try:
            yield ASSIGNMENT.validate_python(given)
        except ValidationError as error:
            (field, *_) = error.errors()[0]["loc"]
            wrong = ENTERPRISE if field == "enterprise" else BOOTH
            raise _wrong(number, f"the column {wrong} has no {field} as it must be") from None


def _columns(headings: Sequence[Value]) -> tuple[int, int]:
    found = [" ".join(str(heading or "").casefold().split()) for heading in headings]
    missing = [each for each in (ENTERPRISE, BOOTH) if each.casefold() not in found]
    if missing:
        raise Unreadable(
            "heading-missing",
            f"The table has no column {', '.join(missing)}: take the table of this exhibition, and "
            "leave its first row as it is.",
        )
    return found.index(ENTERPRISE.casefold()), found.index(BOOTH.casefold())


def _text(row: Sequence[Value], position: int) -> str:
    cell = row[position] if position < len(row) else None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _wrong(row: int, because: str) -> Unreadable:
    return Unreadable(
        "row-malformed",
        f"Row {row} of the table: {because}. Correct it, and send the table again; nothing was "
        "changed.",
    )
