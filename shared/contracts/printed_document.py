"""Printed documents: all the words of a letter, minutes or an annex, as they stand on the paper.

An issued document keeps these words, and its digest is that of them: so what was issued can be
printed again years later, by the same layout in the same bytes. They carry names, so an event has
them as a private field only.
"""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, Field

from shared.contracts.words import Word

ROWS_MAX = 1_000
"""The rows of all tables of a document: some thirty pages, and 130 MB while it is printed."""
INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""The categories of signs that show nothing or turn the direction of what follows."""


def printable(text: str) -> str:
    """Return a text without signs that show nothing: a name cannot turn the line around it."""
    return " ".join("".join(sign for sign in text if category(sign) not in INVISIBLE).split())


Line = Annotated[str, AfterValidator(printable)]
"""A text as it is printed."""


class LabelledValue(Word):
    """A line of a list of facts: its label and its value."""

    label: Line
    value: Line


class Column(Word):
    """A column of a table: its heading, and its share of the width (0: as wide as its cells).

    The digits of a column of `numbers` stand below each other.
    """

    heading: Line
    share: Annotated[int, Field(ge=0, le=20)] = 0
    numbers: bool = False


class Table(Word):
    """A table; its heading is repeated on each page. `empty` stands instead of no rows.

    The rows of a `tall` one have room to write by hand.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    empty: Line = "Tidak ada."
    tall: bool = False


class Section(Word):
    """A part of a document: its heading, paragraphs, facts, a table, and closing paragraphs."""

    heading: Line = ""
    paragraphs: tuple[Line, ...] = ()
    facts: tuple[LabelledValue, ...] = ()
    table: Table | None = None
    closing: tuple[Line, ...] = ()


class Signature(Word):
    """The place and the position of the person who signs, and its name if it is known."""

    place: Line
    position: Line
    name: Line = ""


class PrintedDocument(Word):
    """A document in Indonesian; `about` is a second line of the title, `issuer` its letterhead."""

    issuer: tuple[Line, ...]
    title: Line
    about: Line = ""
    number: Line
    issued_on: date
    addressee: tuple[Line, ...] = ()
    sections: tuple[Section, ...]
    signature: Signature | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows of all its tables."""
        return sum(len(each.table.rows) for each in self.sections if each.table)


def digest_of(document: PrintedDocument, salt: str, **facts: str) -> str:
    """Return the SHA-256 of the words in their canonical form: sorted keys, no spaces, UTF-8.

    `facts` are further facts of the document. Without the secret `salt` a guess of the words, such
    as a name and a result, could be compared with the digest.
    """
    content: Mapping[str, object] = {
        **facts,
        "document": document.model_dump(mode="json"),
        "salt": salt,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
