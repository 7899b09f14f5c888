"""Make the commands of each row of a table, or find every fault of its cells.

The official numbers are hashed here, within the request: what a row keeps has their hashes only.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.registration.domain.application.submission import Capacity
from services.registration.domain.document.decider import FileDocument
from services.registration.domain.enterprise.identifiers import hash_identifiers
from services.registration.domain.enterprise.registration import (
    RegisterEnterprise,
    RegistrationForm,
    hash_form,
    identifier_claims_of,
)
from services.registration.domain.imports.cells import CellUnreadable, read_cell
from services.registration.domain.imports.columns import (
    BY_NAME,
    DOCUMENTS_MAX,
    Column,
    found_columns,
)
from shared.contracts.words import Id
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys
from shared.tables.grid import Grid, Value

NUMBERS = ("npwp", "nik", "nik_koperasi", "nib")
PROFILE = (
    *("name", "representative", "address", "cooperative", "cooperative_kind", "province", "sector"),
    *("net_assets_idr", "annual_sales_idr"),
)
DOCUMENT = ("document_kind", "issuer", "number", "issued_on", "expires_on")
OF_CODE = {
    "wrong-identifiers": "npwp",
    "no-cooperative": "cooperative_kind",
    "no-board": "board_niks",
}
CODE_COLUMNS = frozenset(
    {"cooperative_kind", *(f"document_kind_{n + 1}" for n in range(DOCUMENTS_MAX))}
)


@dataclass(frozen=True, kw_only=True)
class Hashing:
    """The keys of the hashes of numbers, and those of relations."""

    keys: HashKeys
    relation_keys: HashKeys


class Fault(NamedTuple):
    """A fault of a row: the heading of its column, and the code."""

    column: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Applying:
    """The application of a row: the exhibition, and the units that can be made in a month."""

    exhibition: Id
    capacity: Capacity


@dataclass(frozen=True, kw_only=True)
class RowCommands:
    """The commands of a row, as they are stored until it is done.

    `claims` has the kind of each number by its claims, `hashes` the hashes by kind of number.
    """

    registration: RegisterEnterprise
    claims: dict[str, str] = field(repr=False)
    hashes: dict[str, tuple[str, ...]] = field(repr=False)
    documents: tuple[FileDocument, ...] = ()
    applying: Applying | None = None


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """A row that was read: its number in the table, and its commands or its faults."""

    number: int
    commands: RowCommands | None
    faults: tuple[Fault, ...] = ()


FORM = TypeAdapter(RegistrationForm)
FILING = TypeAdapter(FileDocument)
APPLYING = TypeAdapter(Applying)


def read_rows(grid: Grid, keys: HashKeys, *, relation_keys: HashKeys) -> list[ReadRow]:
    """Read all rows that are not empty; raises `Unreadable` for wrong headings."""
    hashing = Hashing(keys=keys, relation_keys=relation_keys)
    columns = found_columns(grid.rows[0] if grid.rows else ())
    of_grid: dict[int, list[Fault]] = defaultdict(list)
    for row, column, code in grid.faults:
        heading = columns[column - 1].heading if column - 1 in columns else str(column)
        of_grid[row].append(Fault(heading, code))
    read: list[ReadRow] = []
    seen: set[str] = set()
    for number, cells in enumerate(grid.rows[1:], 2):
        if any(cell is not None for cell in cells) or of_grid[number]:
            found = _read(number, _by_name(cells, columns), of_grid[number], hashing)
            read.append(_not_repeated(found, seen))
    return read


def _by_name(cells: Sequence[Value], columns: Mapping[int, Column]) -> dict[str, Value]:
    return {
        column.name: cells[position] if position < len(cells) else None
        for position, column in columns.items()
    }


def _read(
    number: int, cells: Mapping[str, Value], of_grid: Sequence[Fault], hashing: Hashing
) -> ReadRow:
    faults = list(of_grid)
    values: dict[str, Any] = {}
    known = {fault.column for fault in of_grid}
    for name, cell in cells.items():
        column = BY_NAME[name]
        try:
            values[name] = read_cell(column, cell)
        except CellUnreadable as error:
            if column.heading not in known:
                faults.append(Fault(column.heading, error.args[0]))
    if values.get("name") == BY_NAME["name"].example == cells.get("name"):
        faults.append(Fault(BY_NAME["name"].heading, "example-row"))
    parts = _Parts(values, {fault.column for fault in faults})
    commands = parts.commands(hashing)
    faults += parts.faults
    return ReadRow(number=number, commands=None if faults else commands, faults=tuple(faults))


def _not_repeated(row: ReadRow, seen: set[str]) -> ReadRow:
    if row.commands is None:
        return row
    claims = row.commands.claims
    repeated = sorted({kind.lower() for claim, kind in claims.items() if claim in seen})
    seen.update(claims)
    if not repeated:
        return row
    faults = tuple(Fault(BY_NAME[name].heading, "repeated-in-file") for name in repeated)
    return ReadRow(number=row.number, commands=None, faults=faults)


class _Parts:
    """The commands of a row's values, and the faults that making them finds."""

    def __init__(self, values: Mapping[str, Any], wrong: set[str]) -> None:
        self._values = values
        self._wrong = wrong
        self.faults: list[Fault] = []

    def commands(self, hashing: Hashing) -> RowCommands | None:
        """Return the commands; None, or incomplete ones, if there are faults."""
        documents = tuple(self._documents())
        applying = self._applying()
        form = self._form()
        if form is None:
            return None
        try:
            registration = hash_form(form, hashing.keys, relation_keys=hashing.relation_keys)
        except Refused as refusal:
            self._fault(OF_CODE[refusal.code], refusal.code)
            return None
        return RowCommands(
            registration=registration,
            claims=identifier_claims_of(form.identifiers, hashing.keys),
            hashes=hash_identifiers(form.identifiers, hashing.keys),
            documents=documents,
            applying=applying,
        )

    def _form(self) -> RegistrationForm | None:
        values = self._values
        products = [part.strip() for part in (values.get("products") or "").split(";")]
        given = {name: values.get(name) for name in PROFILE} | {
            "earlier_participations": values.get("earlier_participations") or 0,
            "products": [{"name": product} for product in products if product],
            "identifiers": {name: values[name] for name in NUMBERS if values.get(name)},
            "board_niks": re.findall(r"[^;,\s]+", values.get("board_niks") or ""),
        }
        form: RegistrationForm | None = self._validated(FORM, given, lambda loc: _column_of(loc))
        return form

    def _documents(self) -> Iterator[FileDocument]:
        kinds: set[str] = set()
        for number in range(1, DOCUMENTS_MAX + 1):
            given = {name: self._values.get(f"{name}_{number}") for name in DOCUMENT}
            if not any(given.values()):
                continue
            lacking = [f"{n}_{number}" for n in DOCUMENT[:-1] if given[n] is None]
            for name in lacking:
                self._fault(name, "document-incomplete")
            if given["document_kind"] in kinds:
                self._fault(f"document_kind_{number}", "document-repeated")
            kinds.add(str(given["document_kind"]))
            if not lacking:
                document = self._validated(FILING, given, lambda loc, n=number: f"{loc[0]}_{n}")
                if document is not None:
                    yield document

    def _applying(self) -> Applying | None:
        if self._values.get("exhibition") is None:
            return None
        given = {
            "exhibition": self._values["exhibition"],
            "capacity": self._values.get("capacity") or 0,
        }
        applying: Applying | None = self._validated(APPLYING, given, lambda loc: str(loc[0]))
        return applying

    def _validated(self, adapter: TypeAdapter[Any], given: object, column_of: Any) -> Any:
        try:
            return adapter.validate_python(given)
        except ValidationError as error:
            for name in dict.fromkeys(column_of(each["loc"]) for each in error.errors()):
                self._fault(name, "unknown-code" if name in CODE_COLUMNS else "malformed")
            return None

    def _fault(self, name: str, code: str) -> None:
        heading = BY_NAME[name].heading
        # Of a cell that could not be read nothing more is known.
        if heading not in self._wrong:
            self._wrong.add(heading)
            self.faults.append(Fault(heading, code))


def _column_of(loc: Sequence[Any]) -> str:
    return str(loc[1] if loc[0] == "identifiers" and len(loc) > 1 else loc[0])
