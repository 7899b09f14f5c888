"""The table of booths: taken with all participants, filled in, and sent back as a whole."""

import pytest
from httpx import Response

from services.registration.domain.booth_table import HEADINGS, read_booths
from shared.contracts.registration.floor_plan import BoothAssignment
from shared.kernel.errors import Problem
from shared.tables import CellFault, Grid, Page, Value, read_grid, write_csv, write_xlsx
from tests.registration.examples import EXHIBITION
from tests.registration.registry import PLANNER, VERIFIER, Registry
from tests.registration.test_api_booths import NAMES, booths_of, participants
from tests.serving import code

TABLE = f"/exhibitions/{EXHIBITION}/booth-table"
FILLED: list[list[Value]] = [["e-1", "Batik", "a-1"], ["e-2", "Tenun", ""], ["e-3", None, 7.0]]


def assigned(**booths: str) -> tuple[BoothAssignment, ...]:
    return tuple(
        BoothAssignment(enterprise=name.replace("_", "-"), booth=booth)
        for name, booth in booths.items()
    )


def grid(*rows: list[Value], headings: tuple[str, ...] = HEADINGS) -> Grid:
    return Grid(rows=[list(headings), *rows])


def test_the_filled_rows_of_a_table_become_one_command() -> None:
    assert read_booths(grid(*FILLED)).assignments == assigned(e_1="A-1", e_3="7")


def test_the_columns_stand_in_any_order_and_others_are_not_read() -> None:
    other = grid(["A-1", "x", "e-1"], headings=(" stan", "Catatan", "PELAKU  USAHA"))
    assert read_booths(other).assignments == assigned(e_1="A-1")


@pytest.mark.parametrize("write", [lambda page: write_xlsx([page]), write_csv])
def test_a_table_that_was_written_is_read(write: object) -> None:
    assert callable(write)
    page = Page(name="Data", headings=HEADINGS, rows=[["e-1", "Batik", "A-1"], ["e-2", "x", ""]])
    table = read_grid(write(page), sheet="Data", rows_max=10, columns_max=10)
    assert read_booths(table).assignments == assigned(e_1="A-1")


@pytest.mark.parametrize(
    ("table", "because", "words"),
    [
        (grid(["e-1", "", "A-1"], ["e-2", "", "Hall 3"]), "row-malformed", "Row 3"),
        (grid(["", "", "A-1"]), "row-malformed", "Pelaku Usaha"),
        (grid(["e.1", "", "A-1"]), "row-malformed", "Pelaku Usaha"),
        (grid(["e-1", "", "0812-345678"]), "row-malformed", "Stan"),
        (grid(["e-1", "", ""]), "no-booths", "Stan"),
        (grid(), "no-booths", "Stan"),
        (Grid(rows=[]), "heading-missing", "Pelaku Usaha, Stan"),
        (grid(["e-1", "A-1"], headings=("Pelaku Usaha", "Booth")), "heading-missing", "Stan"),
        (
            Grid(rows=[list(HEADINGS)], faults=[CellFault(2, 3, "formula-cell")]),
            "row-malformed",
            "Row 2",
        ),
    ],
)
def test_a_wrong_table_is_refused_as_a_whole(table: Grid, because: str, words: str) -> None:
    with pytest.raises(Problem) as refusal:
        read_booths(table)
    assert refusal.value.code == because
    assert words in refusal.value.sentence


async def test_an_officer_takes_the_table_and_sends_it_back(registry: Registry) -> None:
    await participants(registry)
    for ending in ("csv", "xlsx"):
        taken = await registry.api.query(PLANNER, f"{TABLE}.{ending}")
        assert taken.is_success, taken.text
        found = read_grid(taken.content, sheet="Data", rows_max=10, columns_max=10)
        assert [row[0] for row in found.rows] == ["Pelaku Usaha", *NAMES]
    labels = ("A-1", "A-1", "A-2", "A-2", "A-3", "A-3")
    rows = [[name, "", booth] for name, booth in zip(NAMES, labels, strict=True)]
    sent = await sends(registry, PLANNER, rows)
    assert sent.is_success, sent.text
    assert await booths_of(registry) == dict(zip(NAMES, labels, strict=True))
    crowded = [[name, "", "A-1"] for name in NAMES]
    assert code(await sends(registry, PLANNER, crowded)) == (409, "booth-full")
    assert code(await sends(registry, PLANNER, [["e-1", "", "Hall 3"]])) == (422, "row-malformed")
    assert (await sends(registry, VERIFIER, rows)).status_code == 403
    assert await booths_of(registry) == dict(zip(NAMES, labels, strict=True))


async def sends(registry: Registry, role: str, rows: list[list[str]]) -> Response:
    """Send a table of these rows as CSV."""
    content = write_csv(Page(name="Data", headings=HEADINGS, rows=rows))
    return await registry.api.upload(role, TABLE, content, media_type="text/csv")
