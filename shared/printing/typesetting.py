"""Set a document with Typst: a tagged PDF of the standards PDF/A-2a and PDF/UA-1.

Run as a module with the seconds that it may take, it reads a `Reproduction` from its standard input
and writes the PDF to its standard output. The words reach the template as JSON in an input of the
document, so nothing in them is code. The template reads no file, and its root is an empty folder.
Fonts are those inside the library alone, and the time in the PDF is the day of issue: the same
words give the same bytes on every machine.
"""

import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
import typst

from shared.files.apart import read_within_limits
from shared.printing.printer import Reproduction

TEMPLATE = Path(__file__).with_name("document.typ")
STANDARDS = ["a-2a", "ua-1"]
QUIET_ZONE = 4
"""The white modules around a QR code, as ISO/IEC 18004 wants them."""
LONG_WORD = re.compile(r"\S{24,}")
WHOLE_ID = re.compile(r"[0-9A-Za-z]{1,16}([-./]+[0-9A-Za-z]{1,16})+[.,;)]?")
"""An id or a number of short parts: `document.typ` says where it may break."""
BREAK = "\u200b"
"""A place where a line may break, which shows nothing."""
PIECE = 12
REPLACEMENT = "\ufffd"
"""The sign for one that the fonts do not have."""
NOT_DISPLAYED = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
TRIES_MAX = 40
WITH_GLYPHS_BELOW = 0x250
"""Latin letters: the fonts have them all."""


def typeset(given: Reproduction) -> bytes:
    """Return the PDF of a document.

    Signs that the fonts do not have are replaced: the check of the digest covers the words, and a
    name in such signs must not stop a letter.
    """
    words = json.loads(given.document.model_dump_json())
    for _ in range(TRIES_MAX):
        try:
            return _pdf(words, given)
        except typst.TypstError as error:
            missing = NOT_DISPLAYED.search(str(error))
            if missing is None:
                raise
            words = _changed(words, partial(_replaced, frozenset(missing["text"])))
    return _pdf(_changed(words, _only_latin), given)


def pictures(given: Reproduction, pixels_per_inch: int = 80) -> list[bytes]:
    """Return the pages as PNG, to look at them."""
    words = json.loads(given.document.model_dump_json())
    made = _compiled(words, given, format="png", ppi=pixels_per_inch)
    return made if isinstance(made, list) else [made]


def _pdf(words: Any, given: Reproduction) -> bytes:
    made: bytes = _compiled(words, given, format="pdf", pdf_standards=STANDARDS)
    return made


def _compiled(words: Any, given: Reproduction, **options: Any) -> Any:
    issued_at = datetime.combine(given.document.issued_on, time(), UTC)
    with TemporaryDirectory() as empty:
        return typst.compile(
            TEMPLATE.read_bytes(),
            root=empty,
            package_path=empty,
            package_cache_path=empty,
            ignore_system_fonts=True,
            timestamp=int(issued_at.timestamp()),
            sys_inputs={
                "words": json.dumps(_changed(words, _breakable)),
                "digest": given.digest,
                "url": given.check_url,
                "qr": _qr_code(given.check_url),
            },
            **options,
        )


def _qr_code(url: str) -> str:
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        picture, kind="svg", border=QUIET_ZONE, light="white"
    )
    return picture.getvalue().decode()


def _changed(words: Any, change: Callable[[str], str]) -> Any:
    """Return these words with each text changed."""
    match words:
        case str():
            return change(words)
        case list():
            return [_changed(each, change) for each in words]
        case dict():
            return {key: _changed(value, change) for key, value in words.items()}
        case _:
            return words


def _breakable(text: str) -> str:
    """Return the text with places to break in words that are wider than a column."""
    return LONG_WORD.sub(lambda found: BREAK.join(_pieces(found[0])), text)


def _pieces(word: str) -> list[str]:
    if WHOLE_ID.fullmatch(word):
        return [word]
    return [word[start : start + PIECE] for start in range(0, len(word), PIECE)]


def _replaced(signs: frozenset[str], text: str) -> str:
    return "".join(REPLACEMENT if sign in signs else sign for sign in text)


def _only_latin(text: str) -> str:
    return "".join(sign if ord(sign) < WITH_GLYPHS_BELOW else REPLACEMENT for sign in text)


def main() -> None:
    """Print the document on standard input."""
    given = Reproduction.model_validate_json(read_within_limits())
    sys.stdout.buffer.write(typeset(given))


if __name__ == "__main__":
    main()
