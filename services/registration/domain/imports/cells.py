"""Read the cells of a row by the kind of their column; each that cannot be read has a code."""

import re
from collections.abc import Callable
from datetime import date, datetime
from types import MappingProxyType

from services.registration.domain.imports.columns import Column, Kind
from shared.contracts.provinces import EDITIONS, NAMES
from shared.tables.grid import Value

SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?[eE][+-]?[0-9]+")
DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)
DAYS = (
    ("%Y-%m-%d", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    ("%d/%m/%Y", re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")),
    ("%d-%m-%Y", re.compile(r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}")),
)
NO_DAY = "not-a-day"
SYSTEM = ("KEMENDAGRI", "2022")
"""The codes of this system and edition have all provinces of today."""

PROVINCE_CODES = MappingProxyType({iso: code for code, iso in EDITIONS[SYSTEM].items()})
PROVINCES = MappingProxyType({name.casefold(): iso for iso, name in NAMES.items()})
YES, NO = frozenset({"ya", "y", "yes", "true"}), frozenset({"tidak", "t", "no", "false"})


class CellUnreadable(Exception):
    """The cell is not of the kind of its column; `args[0]` is the code."""


def read_cell(column: Column, value: Value) -> object:
    """Return what a cell means, None if it is empty. Raises `CellUnreadable`."""
    if value is None:
        if column.required:
            raise CellUnreadable("required")
        return None
    return READERS[column.kind](value)


def _text(value: Value) -> object:
    match value:
        case str():
            return " ".join(value.split())
        case float() if value.is_integer():
            return str(int(value))
        case bool() | date():
            raise CellUnreadable("not-text")
        case _:
            return str(value)


def _number_of_paper(value: Value) -> object:
    if not isinstance(value, str):
        raise CellUnreadable("number-cell")
    if SCIENTIFIC.fullmatch(value):
        raise CellUnreadable("scientific-notation")
    return value


def _sector(value: Value) -> object:
    if isinstance(value, float | int) and not isinstance(value, bool) and float(value).is_integer():
        return f"{int(value):02}"
    return _text(value)


def _whole(value: Value) -> object:
    match value:
        case bool():
            raise CellUnreadable("not-whole")
        case int():
            return value
        case float() if value.is_integer() and abs(value) < 10**16:
            return int(value)
        case str() if DIGITS.fullmatch(value):
            return int(value)
        case _:
            raise CellUnreadable("not-whole")


def _day(value: Value) -> object:
    if isinstance(value, date):
        return value
    for form, pattern in DAYS:
        if isinstance(value, str) and pattern.fullmatch(value):
            try:
                return datetime.strptime(value, form).date()
            except ValueError as error:
                raise CellUnreadable(NO_DAY) from error
    raise CellUnreadable(NO_DAY)


def _yes_or_no(value: Value) -> object:
    word = str(value).casefold()
    if word not in YES | NO:
        raise CellUnreadable("not-yes-or-no")
    return word in YES


def _province(value: Value) -> object:
    text = str(value)
    iso = PROVINCES.get(text.casefold(), text.upper())
    if iso not in PROVINCE_CODES:
        raise CellUnreadable("unknown-code")
    system, edition = SYSTEM
    return {"system": system, "edition": edition, "code": PROVINCE_CODES[iso]}


def _code(value: Value) -> object:
    return str(value).upper().replace(" ", "_")


READERS: MappingProxyType[Kind, Callable[[Value], object]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.NUMBER_OF_PAPER: _number_of_paper,
        Kind.SECTOR: _sector,
        Kind.WHOLE: _whole,
        Kind.DAY: _day,
        Kind.YES_OR_NO: _yes_or_no,
        Kind.PROVINCE: _province,
        Kind.CODE: _code,
    }
)
