"""Small real files for the documents of enterprises: a scanned page as a PNG, another for each."""

import struct
import zlib

WIDTH, HEIGHT = 42, 60
WHITE, BLACK = b"\xff", b"\x00"
MARGIN = 4


def scan(words: str) -> bytes:
    """Return a picture of a page that says, in a text of the file, whose and what it is."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"tEXt", b"Title\x00" + words.encode("latin-1", "replace")),
            _chunk(b"IDAT", zlib.compress(b"".join(_row(row) for row in range(HEIGHT)))),
            _chunk(b"IEND", b""),
        )
    )


def _row(row: int) -> bytes:
    """Return a row of the page: every fourth one is a line of writing."""
    written = row % 4 == 0 and MARGIN < row < HEIGHT - MARGIN
    line = (BLACK if written else WHITE) * (WIDTH - 2 * MARGIN)
    return b"\x00" + WHITE * MARGIN + line + WHITE * MARGIN


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
