"""Files over HTTP: a request whose body is a file, and an answer that is one.

    uploader: Annotated[Context, command("enterprise", body=FILE)]
    async with received_file(request, service.uploads.memory) as content: ...
    return file_response(stored, parts)

A file comes as the whole body, with any Content-Type but JSON; the sender's name of it never comes,
so no name can play a trick. An answer never runs in a browser: it is an attachment, with the type
that the examination found, and without a chance to guess another one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from shared.files.memory import FileMemory
from shared.files.refusals import BYTES_MAX, FileTooLarge
from shared.store.files import StoredFile

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


@asynccontextmanager
async def received_file(request: Request, memory: FileMemory) -> AsyncIterator[bytes]:
    """Give the body to a block, which has its memory until it ends.

    Raises `Busy` before the body is read, and `FileTooLarge` as soon as it is too long.
    """
    with memory.taken(_longest(request)):
        yield await _read(request)


def file_response(file: StoredFile, parts: AsyncIterator[bytes]) -> StreamingResponse:
    """Return the answer that carries a file; its name is its id."""
    name = f"{file.id}.{EXTENSIONS[file.media_type]}"
    headers = {
        **HEADERS,
        "Content-Length": str(file.length),
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": f'"{file.sha256}"',
    }
    return StreamingResponse(parts, media_type=file.media_type, headers=headers)


def _longest(request: Request) -> int:
    """Return the length that a request declares, or the longest of a file if it declares none."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else BYTES_MAX


def pdf_response(content: bytes, name: str) -> Response:
    """Return the answer that carries a PDF of ours, to be saved under this name."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _read(request: Request) -> bytes:
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > BYTES_MAX:
            raise FileTooLarge
    return bytes(content)
