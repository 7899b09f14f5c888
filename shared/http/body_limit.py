"""Refuse a body that is longer than the setting: by its declared length, and by counting its bytes.

A body of another type than JSON may be as long as a file: only routes of files read one. It is pure
ASGI, so that a declared length is refused with a problem document before the body is read.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.files.refusals import BYTES_MAX, FileTooLarge
from shared.http.problems import problem_response
from shared.http.refusals import BodyTooLarge
from shared.kernel.errors import Problem

JSON = "application/json"


def media_of(headers: Mapping[str, str]) -> str:
    """Return the media type of a body, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


class BodyLimit:
    """A middleware that answers 413 beyond `bytes_max`, and beyond the length of a file."""

    def __init__(self, app: ASGIApp, *, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_file = media_of(headers) not in ("", JSON)
        limit = BYTES_MAX if is_file else self._bytes_max
        refusal = FileTooLarge() if is_file else BodyTooLarge(limit)
        if _declared(headers) > limit:
            await problem_response(scope, refusal)(scope, receive, send)
        else:
            await self._app(scope, _counting(receive, limit, refusal), send)


def _counting(receive: Receive, limit: int, refusal: Problem) -> Receive:
    received = 0

    async def count() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise refusal
        return message

    return count


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
