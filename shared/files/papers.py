"""The structure of PDF, read by pypdf: nothing is drawn or run.

A PDF must have no password and no prohibition, start no program and no script, and carry no other
file; and its parts are bounded once they are unpacked. Called by `content`.
"""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    StreamObject,
)

from shared.files.pictures import PIXELS_MAX
from shared.files.refusals import BadFile, damaged, has_more, unpacks_too_large

PAGES_MAX = 500
UNPACKED_BYTES_MAX = 256 * 2**20
MORE_BYTES = 2**20
"""An end that is not so far from the end of the file is followed by more; else it is cut off."""
FINAL = re.compile(rb"%%EOF[\x00\s]*\Z")
ACTIVE = frozenset(
    {
        *("/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/EF", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"),
        *("/Movie", "/Sound", "/Rendition"),
    }
)
"""The names by which a PDF runs or sends something, opens another file, or carries files."""
AT_OPENING = frozenset({"/OpenAction", "/AA"})
"""The names by which a PDF acts when it is opened; a link acts only when a reader follows it."""
PICTURE_FILTERS = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
"""The packings of pictures: such a stream is bounded by its pixels."""
UNREADABLE = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError)
"""The library's errors of a broken file, its own and those that it lets through."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
"""It logs each deviation of a file, and quotes it."""


def examine_pdf(content: bytes) -> None:
    """Check a PDF. Raises `BadFile`."""
    if not FINAL.search(content):
        raise has_more() if b"%%EOF" in content[-MORE_BYTES:] else damaged()
    try:
        document = PdfReader(io.BytesIO(content))
        if document.is_encrypted:
            raise BadFile(
                "file-protected",
                "The PDF has a password or forbids something: save it without a protection.",
            )
        _check_pages(len(document.pages))
        _check_objects(document)
    except LimitReachedError as error:
        raise unpacks_too_large() from error
    except (*UNREADABLE, RecursionError) as error:
        raise damaged() from error


def _check_pages(pages: int) -> None:
    if not 1 <= pages <= PAGES_MAX:
        raise BadFile(
            "file-unpacks-too-large",
            f"The PDF has {pages} pages: send one with 1 to {PAGES_MAX} pages.",
        )


def _check_objects(document: PdfReader) -> None:
    unpacked = 0
    for found in _objects(document):
        for part in _dictionaries(found):
            if ACTIVE & _names(part) or _opens_an_address(part):
                raise BadFile(
                    "file-has-actions",
                    "The PDF runs something or carries other files: print it into a new PDF.",
                )
        if isinstance(found, StreamObject):
            unpacked += _unpacked_bytes(found)
            if unpacked > UNPACKED_BYTES_MAX:
                raise unpacks_too_large()


def _objects(document: PdfReader) -> Iterator[object]:
    """Yield every object that the file's tables name, used or not."""
    for generation, places in document.xref.items():
        for number in places:
            yield document.get_object(IndirectObject(number, generation, document))
    for number in document.xref_objStm:
        yield document.get_object(IndirectObject(number, 0, document))


def _dictionaries(found: object) -> Iterator[DictionaryObject]:
    """Yield the dictionaries of an object, also those inside it."""
    inside = [found]
    while inside:
        part = inside.pop()
        if isinstance(part, DictionaryObject):
            yield part
            inside += [part.raw_get(key) for key in part]
        elif isinstance(part, ArrayObject):
            inside += list.__iter__(part)


def _names(part: DictionaryObject) -> set[str]:
    values = (part.get(name) for name in ("/S", "/Type", "/Subtype"))
    return {*map(str, part), *(str(value) for value in values if value is not None)}


def _unpacked_bytes(stream: StreamObject) -> int:
    """Return the length of a stream when it is unpacked. A picture is bounded by its pixels too."""
    if stream.get("/Subtype") == "/Image":
        width, height = _number(stream, "/Width"), _number(stream, "/Height")
        if width < 1 or height < 1:
            raise damaged()
        if width * height > PIXELS_MAX:
            raise unpacks_too_large()
    packings = stream.get("/Filter")
    last = packings[-1] if isinstance(packings, ArrayObject) and packings else packings
    return 0 if last in PICTURE_FILTERS else len(stream.get_data())


def _opens_an_address(part: DictionaryObject) -> bool:
    """Return True if the part opens an address by itself."""
    found = (part.get(name) for name in AT_OPENING)
    return any("/URI" in _names(each) for each in found if isinstance(each, DictionaryObject))


def _number(stream: StreamObject, name: str) -> int:
    found: Any = stream.get(name, 0)
    return 0 if isinstance(found, NullObject) else int(found)
