"""The structure of JPEG and PNG: whole, nothing after its end, and bounded once it is unpacked.

The segments of a JPEG (ITU T.81, annex B) and the chunks of a PNG (W3C PNG, third edition) are
walked to the last byte. A picture is not drawn: only what a viewer would have to hold is bounded.
Called by `content`.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from shared.files.refusals import damaged, has_more, unpacks_too_large

PIXELS_MAX = 65_000_000
"""A telephone's camera has 50 million; a page of A3 at 400 dots an inch has 31 million."""
TEXT_BYTES_MAX = 4 * 2**20
"""The most bytes of a colour profile or a text of a PNG, unpacked."""

LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG that begin a frame, with its height and width."""
SCAN, END = 0xDA, 0xD9
NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""The end of coded data: a marker that neither stands for a byte nor restarts the coding."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""The values of a pixel, by the colour type of a PNG."""
DEPTHS = frozenset({1, 2, 4, 8, 16})
HEADER_BYTES = 13


def examine_jpeg(content: bytes) -> None:
    """Check a JPEG. Raises `BadFile`."""
    framed = scanned = False
    place = 2
    while True:
        marker, place = _marker(content, place)
        if marker == END:
            break
        if marker in LONE_MARKERS:
            continue
        segment = _segment(content, place)
        place += 2 + len(segment)
        if marker in FRAMES:
            framed = True
            _check_frame(segment)
        elif marker == SCAN:
            scanned = True
            place = _after_scan(content, place)
    if not (framed and scanned):
        raise damaged()
    if place != len(content):
        raise has_more()


def examine_png(content: bytes) -> None:
    """Check a PNG. Raises `BadFile`."""
    place = len(b"\x89PNG\r\n\x1a\n")
    kinds, pixels, expected = list[bytes](), list[bytes](), 0
    while place < len(content):
        kind, data, place = _chunk(content, place)
        if not kinds:
            expected = _picture_bytes(kind, data)
        kinds.append(kind)
        if kind == b"IDAT":
            pixels.append(data)
        elif kind in (b"iCCP", b"zTXt", b"iTXt"):
            _check_text(data)
        elif kind == b"IEND":
            break
    if kinds[-1:] != [b"IEND"]:
        raise damaged()
    if place != len(content):
        raise has_more()
    _check_pixels(pixels, expected)


def _marker(content: bytes, place: int) -> tuple[int, int]:
    """Return the marker that begins here and the place after it."""
    start = place
    while content[place : place + 1] == b"\xff":
        place += 1
    if place == start or place >= len(content):
        raise damaged()
    return content[place], place + 1


def _segment(content: bytes, place: int) -> bytes:
    length = int.from_bytes(content[place : place + 2], "big")
    segment = content[place + 2 : place + length]
    if length < 2 or len(segment) != length - 2:
        raise damaged()
    return segment


def _check_frame(segment: bytes) -> None:
    if len(segment) < 6:
        raise damaged()
    _, height, width = struct.unpack_from(">BHH", segment)
    _check_size(width, height)


def _after_scan(content: bytes, place: int) -> int:
    found = NEXT_MARKER.search(content, place)
    if found is None:
        raise damaged()
    return found.start()


def _chunk(content: bytes, place: int) -> tuple[bytes, bytes, int]:
    """Return the kind and the data of the chunk that begins here, and the place after it."""
    if len(content) < place + 12:
        raise damaged()
    length = int.from_bytes(content[place : place + 4], "big")
    end = place + 8 + length
    kind, data = content[place + 4 : place + 8], content[place + 8 : end]
    check = int.from_bytes(content[end : end + 4], "big")
    if len(content) < end + 4 or zlib.crc32(data, zlib.crc32(kind)) != check:
        raise damaged()
    return kind, data, end + 4


def _picture_bytes(kind: bytes, data: bytes) -> int:
    """Return the bytes of the rows that the header of a PNG announces, each with its filter."""
    if kind != b"IHDR" or len(data) != HEADER_BYTES:
        raise damaged()
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data)
    if depth not in DEPTHS or colour not in CHANNELS:
        raise damaged()
    _check_size(width, height)
    bits = depth * CHANNELS[colour]
    passes = _passes(width, height) if interlaced else [(width, height)]
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in passes if columns)


def _passes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Yield the columns and rows of the seven passes of an interlaced PNG (Adam7)."""
    for x, y, right, down in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        yield max(0, -(-(width - x) // right)), max(0, -(-(height - y) // down))


def _check_pixels(parts: list[bytes], expected: int) -> None:
    unpacked, unpacker = 0, zlib.decompressobj()
    try:
        for part in parts:
            unpacked += len(unpacker.decompress(part, expected - unpacked + 1))
            if unpacked > expected:
                raise unpacks_too_large()
    except zlib.error as error:
        raise damaged() from error
    if unpacked != expected:
        raise damaged()


def _check_text(data: bytes) -> None:
    """Bound a part that may be packed: wherever its packed bytes begin, unpack no more of them."""
    for start in (data.find(b"\x00") + 2, data.rfind(b"\x00") + 1):
        try:
            unpacked = zlib.decompressobj().decompress(data[start:], TEXT_BYTES_MAX + 1)
        except zlib.error:
            continue
        if len(unpacked) > TEXT_BYTES_MAX:
            raise unpacks_too_large()


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise damaged()
    if width * height > PIXELS_MAX:
        raise unpacks_too_large()
