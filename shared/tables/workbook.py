"""Read a sheet of an XLSX workbook, after its parts were found harmless.

A workbook is a zip of XML. Before the reader (calamine) sees it, every part is unpacked, and the
reader gets exactly these bytes, packed again: so no second part of the same name can deceive it. A
part that says it is small, and text that the patterns take long for, end with the process that
reads (`apart`). The cells are looked through for what
calamine would not tell or could not bear: formulas (it gives the last result), a cell far away
(it makes room for all cells before), a long text that many cells share.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from shared.tables.grid import Bounds, CellFault, Grid, Unreadable, Value

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
PARTS_MAX = 500
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
TEXT_BYTES_MAX = 64 * 1024 * 1024
"""Of all cells together: a text that cells share counts once for each."""
CELL = re.compile(rb"<(?:\w+:)?c\b(?P<about>[^>]*?)(?:/>|>(?P<inner>.*?)</(?:\w+:)?c>)", re.DOTALL)
ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([^\"']*)[\"']")
PLACE = re.compile(rb"\br=[\"']([^\"']*)[\"']")
SHARED = re.compile(rb"\bt=[\"']s[\"']")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
NUMBER = re.compile(rb"<(?:\w+:)?v>\s*([0-9]{1,9})\s*</")
STRING = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
POSITION = re.compile(rb"([A-Z]{1,3})([1-9][0-9]{0,6})")


def is_workbook(content: bytes) -> bool:
    """Return True if the bytes begin as a zip, or as an older or an encrypted workbook."""
    return content.startswith((ZIP, OLE))


def read_workbook(content: bytes, *, sheet: str, bounds: Bounds) -> Grid:
    """Return the cells of the sheet of this name; raises `Unreadable`."""
    parts = _unpacked(content)
    formulas = _look_through(parts, bounds)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(_packed(parts))) as workbook:
            _check_sheets(workbook, sheet)
            found = workbook.get_sheet_by_name(sheet)
            merged = found.merged_cell_ranges or []
            rows = found.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise _no_workbook() from error
    bounds.check(rows=len(rows), columns=max(map(len, rows), default=0))
    of_sheet = formulas.get(_part_of(parts, sheet), [])
    return Grid(
        rows=[[_value(cell) for cell in row] for row in rows],
        faults=[
            *(CellFault(row, column, "formula-cell") for row, column in of_sheet),
            *(CellFault(top + 1, left + 1, "merged-cells") for (top, left), _ in merged),
        ],
    )


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Return the XML parts of a workbook. Raises `Unreadable`."""
    if content.startswith(OLE):
        raise Unreadable(
            "workbook-locked",
            "The workbook has a password or is of an old form (XLS): save it as XLSX without a "
            "password.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            size = sum(info.file_size for info in infos)
            if size > UNPACKED_BYTES_MAX or len(infos) > PARTS_MAX:
                raise Unreadable(
                    "workbook-too-large",
                    "The workbook is too large when it is unpacked: copy the table alone into the "
                    "template.",
                )
            if any(info.compress_type not in PACKINGS for info in infos):
                raise _no_workbook()
            names = [info for info in infos if info.filename.endswith((".xml", ".rels"))]
            parts = {info.filename: archive.read(info) for info in names}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise _no_workbook() from error
    for part in parts.values():
        # Other encodings and document types would hide cells from the look below.
        if b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise _no_workbook()
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _look_through(parts: Mapping[str, bytes], bounds: Bounds) -> dict[str, list[tuple[int, int]]]:
    """Return the places of formulas by part; raises `Unreadable` beyond the bounds."""
    strings = [len(found[1] or b"") for found in STRING.finditer(_shared(parts))]
    formulas: dict[str, list[tuple[int, int]]] = {}
    room = TEXT_BYTES_MAX
    for name, part in parts.items():
        if not name.startswith("xl/worksheets/") or name.endswith(".rels"):
            continue
        for found in ROW.finditer(part):
            bounds.check(rows=_whole(found[1]), columns=0)
        for cell in CELL.finditer(part):
            place = PLACE.search(cell["about"])
            if place is None:
                continue
            row, column = _position(place[1])
            bounds.check(rows=row, columns=column)
            inner = cell["inner"] or b""
            if FORMULA.search(inner):
                formulas.setdefault(name, []).append((row, column))
            room -= _length(cell["about"], inner, strings)
        if room < 0:
            raise Unreadable(
                "workbook-too-large", "The cells of the workbook have too much text: shorten it."
            )
    return formulas


def _shared(parts: Mapping[str, bytes]) -> bytes:
    return parts.get("xl/sharedStrings.xml", b"")


def _length(about: bytes, inner: bytes, strings: Sequence[int]) -> int:
    number = NUMBER.search(inner) if SHARED.search(about) else None
    if number is None:
        return len(inner)
    index = int(number[1])
    return strings[index] if index < len(strings) else 0


def _position(place: bytes) -> tuple[int, int]:
    found = POSITION.fullmatch(place)
    if found is None:
        raise _no_workbook()
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(found[2]), column


def _whole(text: bytes) -> int:
    if not text.isdigit() or len(text) > 9:
        raise _no_workbook()
    return int(text)


def _part_of(parts: Mapping[str, bytes], sheet: str) -> str:
    """Return the part that has the cells of this sheet."""
    try:
        listed = ElementTree.fromstring(parts["xl/workbook.xml"])
        related = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ElementTree.ParseError) as error:
        raise _no_workbook() from error
    ids = [each.attrib for each in listed.iter() if each.attrib.get("name") == sheet]
    id = next((value for name, value in ids[0].items() if name.endswith("}id")), "") if ids else ""
    targets = {each.attrib.get("Id"): each.attrib.get("Target", "") for each in related.iter()}
    target = targets.get(id, "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _check_sheets(workbook: CalamineWorkbook, sheet: str) -> None:
    visible = {each.name: each.visible for each in workbook.sheets_metadata}
    hidden = [name for name, shown in visible.items() if shown != SheetVisibleEnum.Visible]
    if hidden:
        raise Unreadable(
            "sheet-hidden",
            "The workbook has a hidden sheet, so it may say more than you see: show it, or copy "
            "the table into the template.",
        )
    if sheet not in visible:
        raise Unreadable(
            "sheet-missing",
            f"The workbook has no sheet {sheet}: take the template, or name the sheet with the "
            "table so.",
        )


def _value(cell: Any) -> Value:
    match cell:
        case str():
            return cell.strip() or None
        case datetime():
            return cell.date() if cell.time() == time() else cell.isoformat(sep=" ")
        case time() | timedelta():
            return str(cell)
        case date() | bool() | int() | float():
            return cell
        case _:
            return None


def _no_workbook() -> Unreadable:
    return Unreadable(
        "not-a-spreadsheet",
        "The file begins as a workbook, but it is none that can be read: open it in a spreadsheet "
        "and save it as XLSX again.",
    )
