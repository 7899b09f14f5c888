"""Examine an uploaded file by its content: what its sender calls it counts for nothing.

PDF, JPEG and PNG come in, at most `BYTES_MAX` long. A file must be one thing and nothing more: what
stands before its beginning or after its end could be another thing to another program. Nothing is
rendered here; what a viewer would have to unpack is bounded.

| code | status | condition |
|---|---|---|
| `file-empty` | 422 | it has no bytes |
| `file-too-large` | 413 | it has more than 10 MiB |
| `file-type-unknown` | 415 | its first bytes are of none of the three types |
| `file-damaged` | 422 | it cannot be read to its end |
| `file-protected` | 422 | a PDF asks for a password, or forbids something |
| `file-has-actions` | 422 | a PDF runs something, or carries other files |
| `file-has-more` | 422 | there is something after its end, or it is an archive too |
| `file-unpacks-too-large` | 422 | its picture or its parts are too large when unpacked |
"""

from enum import StrEnum

from shared.files.pictures import examine_jpeg, examine_png
from shared.files.refusals import BYTES_MAX, BadFile, FileTooLarge, FileTypeUnknown, has_more

ARCHIVE_END, ARCHIVE_END_BYTES = b"PK\x05\x06", 22
"""The record that ends a ZIP archive: a comment of at most 65,535 bytes may follow it."""
COMMENT_BYTES_MAX = 65_535


class MediaType(StrEnum):
    """The types of files that come in."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


PICTURES = frozenset({MediaType.JPEG, MediaType.PNG})


def _examine_pdf(content: bytes) -> None:
    # The library takes longer to import than a picture to examine.
    from shared.files.papers import examine_pdf

    examine_pdf(content)


KINDS = (
    (b"%PDF-", MediaType.PDF, _examine_pdf),
    (b"\xff\xd8\xff", MediaType.JPEG, examine_jpeg),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG, examine_png),
)
"""The first bytes of each type, and its examination."""


def examine(content: bytes) -> MediaType:
    """Return the type of a file; raises `BadFile`. It may take seconds: see `apart`."""
    if not content:
        raise BadFile("file-empty", "The file is empty: choose another one.")
    if len(content) > BYTES_MAX:
        raise FileTooLarge
    for beginning, media_type, examine_kind in KINDS:
        if content.startswith(beginning):
            _refuse_archive(content)
            examine_kind(content)
            return media_type
    raise FileTypeUnknown(
        "file-type-unknown",
        "The file is neither a PDF nor a JPEG nor a PNG by its content: save it as one of them.",
    )


def _refuse_archive(content: bytes) -> None:
    """Refuse a file that a program for ZIP archives would open, too."""
    start = max(0, len(content) - ARCHIVE_END_BYTES - COMMENT_BYTES_MAX)
    while (start := content.find(ARCHIVE_END, start)) >= 0:
        comment = int.from_bytes(content[start + 20 : start + ARCHIVE_END_BYTES], "little")
        if start + ARCHIVE_END_BYTES + comment == len(content):
            raise has_more()
        start += 1
