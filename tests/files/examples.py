"""Small files of each kind that comes in, made on the spot; the JPEG was written by libjpeg."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfWriter

JPEG = (Path(__file__).parent / "batik.jpg").read_bytes()
"""A picture of 48 x 32 pixels, written by libjpeg."""


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    check = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png(width: int = 6, height: int = 4, *, rows: bytes | None = None, extra: bytes = b"") -> bytes:
    """Return a grey PNG of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = rows if rows is not None else (b"\x00" + b"\x7f" * width) * height
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            extra,
            chunk(b"IDAT", zlib.compress(pixels)),
            chunk(b"IEND", b""),
        )
    )


def pdf(change: Callable[[PdfWriter], object] = lambda document: None, *, pages: int = 1) -> bytes:
    """Return a PDF of blank pages, changed."""
    document = PdfWriter()
    for _ in range(pages):
        document.add_blank_page(200, 300)
    change(document)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


PNG, PDF = png(), pdf()
