"""The door of files: the kinds that come in, and the refusal of each other kind, by real files."""

import asyncio
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from shared.files import apart
from shared.files.apart import AT_ONCE_MAX, WAITING_MAX, Examiner
from shared.files.content import MediaType, examine
from shared.files.papers import PAGES_MAX
from shared.files.refusals import BYTES_MAX, BadFile
from shared.kernel.errors import Busy
from tests.files.examples import JPEG, PDF, PNG, chunk, pdf, png


def refused(content: bytes) -> tuple[int, str]:
    """Return status and code of the refusal of a file."""
    with pytest.raises(BadFile) as error:
        examine(content)
    return error.value.status, error.value.code


ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as archive:
    archive.writestr("a.exe", b"MZ")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PNG, MediaType.PNG), (JPEG, MediaType.JPEG), (PDF, MediaType.PDF)],
    ids=["png", "jpeg", "pdf"],
)
def test_three_types_come_in(content: bytes, media_type: MediaType) -> None:
    assert examine(content) is media_type


@pytest.mark.parametrize(
    "content", [b"GIF89a", b"PK\x03\x04", b"<svg/>", b"text", b" %PDF-1.7", b"\xff\xd8"]
)
def test_other_types_do_not(content: bytes) -> None:
    assert refused(content) == (415, "file-type-unknown")


def test_an_empty_and_a_large_file_are_refused() -> None:
    assert refused(b"") == (422, "file-empty")
    assert refused(PDF + b" " * BYTES_MAX) == (413, "file-too-large")


@pytest.mark.parametrize("content", [PNG, JPEG, PDF], ids=["png", "jpeg", "pdf"])
def test_what_stands_after_the_end_is_refused(content: bytes) -> None:
    assert refused(content + b"<script>") == (422, "file-has-more")
    assert refused(content + ARCHIVE.getvalue()) == (422, "file-has-more")


@pytest.mark.parametrize("end", [200, len(PDF) // 2, len(PDF) - 12])
def test_a_pdf_that_is_cut_off_is_damaged(end: int) -> None:
    assert refused(PDF[:end]) == (422, "file-damaged")


def test_an_archive_that_ends_like_a_pdf_is_refused() -> None:
    comment = b"\n%%EOF\n"
    archive = ARCHIVE.getvalue()
    both = PDF + archive[:-2] + struct.pack("<H", len(comment)) + comment
    assert zipfile.ZipFile(io.BytesIO(both)).namelist() == ["a.exe"]
    assert refused(both) == (422, "file-has-more")


def test_a_second_picture_after_the_first_is_refused() -> None:
    assert refused(JPEG + JPEG) == (422, "file-has-more")
    assert refused(PNG + PNG) == (422, "file-has-more")


@pytest.mark.parametrize(
    "content",
    [
        PNG[:-20],
        PNG[:-12],
        PNG.replace(b"IHDR", b"IHDX"),
        PNG[:40] + b"\x00" * 4 + PNG[44:],
        png(rows=b"\x00" * 5),
        png(0, 4),
        JPEG[:-2],
        JPEG[: len(JPEG) // 4],
        b"\xff\xd8\xff\xd9",
        b"%PDF-1.7\nnothing\n%%EOF\n",
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    assert refused(content) == (422, "file-damaged")


def test_every_cut_of_a_picture_is_refused() -> None:
    """Property: no beginning of a picture comes in, and no beginning makes the check fail."""
    for whole in (PNG, JPEG):
        for length in range(8, len(whole)):
            with pytest.raises(BadFile):
                examine(whole[:length])


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_protected_pdf_is_refused(password: str) -> None:
    locked = pdf(lambda document: document.encrypt(password, "owner", algorithm="RC4-128"))
    assert refused(locked) == (422, "file-protected")


def add(document: PdfWriter, name: str, value: object) -> None:
    """Name something in the root of a PDF."""
    document.root_object[NameObject(name)] = value


def act(document: PdfWriter, kind: str, key: str, value: str) -> None:
    """Let a PDF do something when it is opened."""
    fields = {"/S": NameObject(kind), key: TextStringObject(value)}
    action = DictionaryObject({NameObject(name): field for name, field in fields.items()})
    add(document, "/OpenAction", action)


def open_an_address(document: PdfWriter) -> None:
    act(document, "/URI", "/URI", "https://example.id")


def send_a_form(document: PdfWriter) -> None:
    act(document, "/SubmitForm", "/F", "https://example.id")


def open_another_file(document: PdfWriter) -> None:
    act(document, "/GoToR", "/F", "//example.id/share")


def carry_a_file_without_a_type(document: PdfWriter) -> None:
    inside = document._add_object(stream(zlib.compress(b"MZ")))
    inner = DictionaryObject({NameObject("/F"): inside})
    add(document, "/Extra", DictionaryObject({NameObject("/EF"): inner}))


def run_a_script(document: PdfWriter) -> None:
    act(document, "/JavaScript", "/JS", "app.alert(1)")


def launch(document: PdfWriter) -> None:
    act(document, "/Launch", "/F", "calc.exe")


def carry_a_file(document: PdfWriter) -> None:
    document.add_attachment("a.exe", b"MZ")


@pytest.mark.parametrize(
    "change",
    [
        *(run_a_script, launch, open_an_address, send_a_form, open_another_file),
        *(carry_a_file, carry_a_file_without_a_type),
    ],
)
def test_a_pdf_that_does_something_is_refused(change: Callable[[PdfWriter], object]) -> None:
    assert refused(pdf(change)) == (422, "file-has-actions")


def stream(data: bytes, **fields: object) -> EncodedStreamObject:
    """Return a stream that is packed already."""
    made = EncodedStreamObject()
    made._data = data
    named = {"/Filter": NameObject("/FlateDecode"), **fields}
    made.update({NameObject(key): value for key, value in named.items()})
    return made


def test_what_unpacks_too_large_is_refused() -> None:
    bomb = zlib.compress(b"\x00" * 100 * 2**20, 9)
    packed = pdf(lambda document: add(document, "/Extra", document._add_object(stream(bomb))))
    assert refused(packed) == (422, "file-unpacks-too-large")
    fields = {
        "/Subtype": NameObject("/Image"),
        "/Width": NumberObject(60_000),
        "/Height": NumberObject(60_000),
    }
    wide = pdf(
        lambda document: add(document, "/Extra", document._add_object(stream(b"", **fields)))
    )
    assert refused(wide) == (422, "file-unpacks-too-large")
    small = {**fields, "/Width": NumberObject(1), "/Height": NumberObject(1)}
    disguised = pdf(
        lambda document: add(document, "/Extra", document._add_object(stream(bomb, **small)))
    )
    assert refused(disguised) == (422, "file-unpacks-too-large")
    nothing = {**fields, "/Width": NumberObject(-1)}
    assert refused(
        pdf(lambda document: add(document, "/Extra", document._add_object(stream(b"", **nothing))))
    ) == (422, "file-damaged")
    assert refused(pdf(pages=PAGES_MAX + 1)) == (422, "file-unpacks-too-large")
    assert refused(png(60_000, 60_000, rows=b"")) == (422, "file-unpacks-too-large")
    assert refused(png(rows=b"\x00" * 10_000_000)) == (422, "file-unpacks-too-large")
    text = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"\x00" * 10_000_000))
    assert refused(png(extra=text)) == (422, "file-unpacks-too-large")
    high = JPEG.replace(struct.pack(">HH", 32, 48), struct.pack(">HH", 60_000, 60_000))
    assert refused(high) == (422, "file-unpacks-too-large")


async def test_a_process_of_its_own_gives_the_same_answers() -> None:
    examiner = Examiner()
    assert await examiner.examine(PDF) is MediaType.PDF
    with pytest.raises(BadFile) as error:
        await examiner.examine(b"GIF89a")
    assert (error.value.status, error.value.code) == (415, "file-type-unknown")


async def test_a_few_files_are_examined_at_once_and_a_few_more_wait() -> None:
    examiner = Examiner()
    many = [examiner.examine(PNG) for _ in range(AT_ONCE_MAX + WAITING_MAX + 3)]
    answers = await asyncio.gather(*many, return_exceptions=True)
    assert answers.count(MediaType.PNG) == AT_ONCE_MAX + WAITING_MAX
    busy = [answer for answer in answers if isinstance(answer, Busy)]
    assert [error.code for error in busy] == ["files-busy"] * 3
    assert await examiner.examine(PNG) is MediaType.PNG


async def test_a_file_that_takes_too_much_ends_with_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "MODULE", "tests.files.endless")
    with pytest.raises(BadFile) as error:
        await Examiner().examine(PNG)
    assert error.value.code == "file-damaged"
