"""Check-in codes: one for each participant and exhibition, read in any writing, and as pictures.

A decoder of another project (ZXing) reads the pictures.
"""

import re
import struct
import zlib

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.check_in_code import SIGNS, check_in_code, participant_of
from services.registration.responses.check_in import QUIET_ZONE, qr_png, qr_svg
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys

OLD, NEW = b"o" * 32, b"n" * 32
KEYS = HashKeys((NEW,))
SHOW, OTHER_SHOW = "inacraft-2018", "mihas-2018"
NAMES = [f"e-{number}" for number in range(200)]
CODE = check_in_code(KEYS, f"{SHOW}.e-7")
Picture = list[list[bool]]


def test_a_code_names_one_participant() -> None:
    codes = {check_in_code(KEYS, f"{SHOW}.{name}") for name in NAMES}
    assert len(codes) == len(NAMES)
    assert all(re.fullmatch(f"[{SIGNS}]{{4}}(-[{SIGNS}]{{4}}){{3}}", code) for code in codes)
    for name in NAMES[:20]:
        assert participant_of(check_in_code(KEYS, f"{SHOW}.{name}"), SHOW, NAMES, KEYS) == name


def test_a_code_shows_nothing_of_who_has_it() -> None:
    assert "E-7" not in CODE
    assert check_in_code(HashKeys((OLD,)), f"{SHOW}.e-7")[4:] != CODE[4:]


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " "), str.swapcase])
def test_a_code_is_read_as_it_is_typed(write: object) -> None:
    assert callable(write)
    assert participant_of(write(CODE), SHOW, NAMES, KEYS) == "e-7"


def test_signs_that_look_alike_are_the_same() -> None:
    typed = CODE.replace("0", "o").replace("1", "l")
    assert participant_of(typed, SHOW, NAMES, KEYS) == "e-7"
    assert participant_of(CODE.replace("1", "I"), SHOW, NAMES, KEYS) == "e-7"


@pytest.mark.parametrize(
    "code", ["", "7", CODE[:-1], f"{CODE}0", "https://example.id/x", "ｅ" * 16]
)
def test_what_is_no_code_is_unreadable(code: str) -> None:
    refused(code, "unreadable-code")


def test_a_code_of_another_exhibition_is_refused_as_such() -> None:
    refused(check_in_code(KEYS, f"{OTHER_SHOW}.e-7"), "code-of-another-exhibition")


def test_a_code_of_no_participant_is_unknown() -> None:
    refused(check_in_code(KEYS, f"{SHOW}.e-999"), "code-of-no-participant")
    refused(check_in_code(HashKeys((OLD,)), f"{SHOW}.e-7"), "code-of-no-participant")


def test_a_code_of_a_former_key_is_still_read() -> None:
    printed = check_in_code(HashKeys((OLD,)), f"{SHOW}.e-7")
    keys = HashKeys((OLD, NEW))
    assert check_in_code(keys, f"{SHOW}.e-7") != printed
    assert participant_of(printed, SHOW, NAMES, keys) == "e-7"


@given(st.text(alphabet=SIGNS, min_size=12, max_size=12))
def test_no_guess_is_a_code(guess: str) -> None:
    refused(f"{CODE[:4]}{guess}", "code-of-no-participant")


@given(st.text(max_size=60))
def test_no_text_is_more_than_refused(text: str) -> None:
    with pytest.raises(Refused):
        participant_of(text, SHOW, NAMES, KEYS)


def test_a_decoder_reads_the_picture() -> None:
    modules = png_modules(qr_png(CODE), scale=12)
    (found,) = zxingcpp.read_barcodes(image_of(modules))
    assert (found.text, found.format) == (CODE, zxingcpp.BarcodeFormat.QRCode)


def test_a_decoder_reads_a_picture_that_is_damaged() -> None:
    modules = png_modules(qr_png(CODE), scale=12)
    for row in range(14, 18):
        modules[row][16:21] = [True] * 5
    (found,) = zxingcpp.read_barcodes(image_of(modules))
    assert found.text == CODE


def test_both_pictures_have_the_same_modules_and_a_quiet_zone() -> None:
    modules = png_modules(qr_png(CODE), scale=12)
    assert svg_modules(qr_svg(CODE).decode(), len(modules)) == modules
    edge = [*range(QUIET_ZONE), *range(len(modules) - QUIET_ZONE, len(modules))]
    assert not any(any(modules[row]) for row in edge)
    assert not any(row[column] for row in modules for column in edge)


def test_a_picture_in_svg_carries_nothing_but_the_picture() -> None:
    text = qr_svg(CODE).decode()
    assert not re.search(r"script|href|onload|<title|<desc|<!", text)
    assert CODE not in text


def refused(code: str, because: str) -> None:
    """Check that a code is refused, and that the refusal does not quote it."""
    with pytest.raises(Refused) as refusal:
        participant_of(code, SHOW, NAMES, KEYS)
    assert refusal.value.code == because
    assert len(code) < 2 or code not in refusal.value.sentence


def png_modules(png: bytes, *, scale: int) -> Picture:
    """Return the dark modules of a PNG of one bit a pixel, in which all filters are 0."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, position = [], 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        kind = png[position + 4 : position + 8]
        chunks.append((kind, png[position + 8 : position + 8 + length]))
        position += length + 12
    parts = dict(chunks)
    width, height, depth, colours = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (width, depth, colours) == (height, 1, 0)
    rows, stride = zlib.decompress(parts[b"IDAT"]), (width + 7) // 8 + 1
    dark = []
    for row in range(0, height, scale):
        line = rows[row * stride : (row + 1) * stride]
        assert line[0] == 0
        bits = [line[1 + column // 8] >> (7 - column % 8) & 1 for column in range(width)]
        dark.append([bits[column] == 0 for column in range(0, width, scale)])
    return dark


def svg_modules(svg: str, size: int) -> Picture:
    """Return the dark modules of the path of horizontal strokes in an SVG."""
    (path,) = re.findall(r'<path[^>]*class="qrline"[^>]* d="([^"]+)"', svg) or re.findall(
        r'<path[^>]* d="([^"]+)"[^>]*class="qrline"', svg
    )
    dark = [[False] * size for _ in range(size)]
    x, y = 0.0, 0.0
    for command, numerals in re.findall(r"([MmHh])([^MmHh]+)", path):
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", numerals)]
        match command:
            case "M":
                x, y = numbers
            case "m":
                x, y = x + numbers[0], y + numbers[1]
            case _:
                for column in range(int(x), int(x + numbers[0])):
                    dark[int(y)][column] = True
                x += numbers[0]
    return dark


def image_of(modules: Picture, scale: int = 6) -> memoryview:
    """Return a grey picture of these modules, as a camera has it."""
    size = len(modules) * scale
    grey = bytes(
        0 if modules[row // scale][column // scale] else 255
        for row in range(size)
        for column in range(size)
    )
    return memoryview(grey).cast("B", (size, size))
