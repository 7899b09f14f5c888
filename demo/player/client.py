"""Call the four APIs as people do: HTTP, tokens, idempotency keys, and retries where they help.

An address is `SERVICE/PATH`. Every command has a key that follows from the seed, its address and
the word in `apart`: a repeated request is the same request. A request is sent again after
`Retry-After`, a few times, if the service does not know its subject yet (409 `unknown-…`) or is
busy (503). Every other failure ends the demonstration with the request and its answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from demo import DemoError
from demo.player.connections import Connections, Reply, Unanswered
from demo.player.people import Person, Tokens

IN_FLIGHT = 32
UPLOADS = 4
ATTEMPTS_MAX = 20
PAUSE_SECONDS_MAX = 2.0
PAGE = 500
CONFLICT, UNAVAILABLE = 409, 503


@dataclass(kw_only=True)
class Api:
    """All services behind one gate; `commands`, `requests` and `retries` are counts."""

    services: Mapping[str, Connections]
    tokens: Tokens
    seed: int
    watch: Callable[[], None]
    commands: int = 0
    requests: int = 0
    retries: int = 0
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    _uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS))

    async def command(
        self,
        who: Person,
        address: str,
        body: object,
        *,
        apart: str = "",
        replaced: int | None = None,
    ) -> dict[str, Any]:
        """Send a command that must succeed, and return its answer, `{id, version}`.

        `replaced` is the version that was read, of a resource that the body replaces.
        """
        reply = await self._commanded(who, address, body, apart, replaced)
        if not reply.good:
            raise DemoError(_answer_of("PUT" if replaced else "POST", address, reply))
        answer: dict[str, Any] = reply.json()
        return answer

    async def upload(self, who: Person, address: str, content: bytes, *, apart: str) -> str:
        """Upload a file, a few at a time, and return its id."""
        async with self._uploads:
            answer = await self.send_file(who, address, content, apart=apart)
        id: str = answer["id"]
        return id

    async def send_file(
        self, who: Person, address: str, content: bytes, *, apart: str
    ) -> dict[str, Any]:
        """Send a file that must be taken, and return the answer."""
        self.commands += 1
        key = uuid5(NAMESPACE_URL, f"{self.seed}/{address}/{apart}")
        headers = self._headers(who) | {
            "content-type": "application/octet-stream",
            "idempotency-key": str(key),
        }
        reply = await self._send("POST", address, headers, content)
        if not reply.good:
            raise DemoError(_answer_of("POST", address, reply))
        answer: dict[str, Any] = reply.json()
        return answer

    async def refused(
        self, who: Person, address: str, body: object, *, code: str, apart: str = ""
    ) -> None:
        """Send a command that must be refused with this code."""
        reply = await self._commanded(who, address, body, f"{apart}/refused")
        if reply.status != CONFLICT or reply.json()["code"] != code:
            answer = _answer_of("POST", address, reply)
            raise DemoError(f"This was to be refused with {code}, and was not: {answer}")

    async def read(self, who: Person, address: str, **parameters: str) -> dict[str, Any]:
        """Read a resource as the API shows it to this person."""
        target = f"{address}?{urlencode(parameters)}" if parameters else address
        reply = await self._send("GET", target, self._headers(who))
        if not reply.good:
            raise DemoError(_answer_of("GET", target, reply))
        answer: dict[str, Any] = reply.json()
        return answer

    async def pages(self, who: Person, address: str, **parameters: str) -> list[dict[str, Any]]:
        """Read all items of a list, page after page."""
        page = await self.read(who, address, limit=str(PAGE), **parameters)
        items: list[dict[str, Any]] = list(page["items"])
        while page["next"] is not None:
            page = await self.read(who, address + page["next"])
            items += page["items"]
        return items

    async def _commanded(
        self, who: Person, address: str, body: object, apart: str, replaced: int | None = None
    ) -> Reply:
        self.commands += 1
        key = uuid5(NAMESPACE_URL, f"{self.seed}/{address}/{apart}")
        headers = self._headers(who) | {
            "content-type": "application/json",
            "idempotency-key": str(key),
        }
        if replaced:
            headers["if-match"] = f'"{replaced}"'
        method = "PUT" if replaced else "POST"
        return await self._send(method, address, headers, json.dumps(body).encode())

    def _headers(self, who: Person) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens.of(who)}"}

    async def _send(
        self, method: str, address: str, headers: Mapping[str, str], content: bytes = b""
    ) -> Reply:
        service, _, path = address.partition("/")
        async with self._gate:
            for attempt in range(1, ATTEMPTS_MAX + 1):
                self.requests += 1
                try:
                    reply = await self.services[service].ask(method, f"/{path}", headers, content)
                except Unanswered as error:
                    self.watch()
                    if attempt == ATTEMPTS_MAX:
                        raise DemoError(f"{method} {address} has no answer: {error}") from error
                    pause = 0.1 * attempt
                else:
                    if not _worth_another_try(reply) or attempt == ATTEMPTS_MAX:
                        return reply
                    pause = float(reply.headers["retry-after"])
                self.retries += 1
                await asyncio.sleep(min(pause, PAUSE_SECONDS_MAX))
        raise AssertionError("the last attempt returns or raises")


@asynccontextmanager
async def open_api(
    urls: Mapping[str, str], tokens: Tokens, *, seed: int, watch: Callable[[], None]
) -> AsyncIterator[Api]:
    """Open the APIs of a running stack until the block ends.

    `watch` is called where a request has no answer, and may say that a process has died.
    """
    services = {name: Connections.to(url) for name, url in urls.items()}
    try:
        yield Api(services=services, tokens=tokens, seed=seed, watch=watch)
    finally:
        for connections in services.values():
            await connections.close()


def _worth_another_try(reply: Reply) -> bool:
    # Only an answer that a later try can change has this header.
    return reply.status in (CONFLICT, UNAVAILABLE) and "retry-after" in reply.headers


def _answer_of(method: str, address: str, reply: Reply) -> str:
    try:
        problem = reply.json()
        answer = f"{problem['code']}: {problem['detail']}"
        if problem.get("errors"):
            answer += f" {problem['errors']}"
    except (ValueError, KeyError, TypeError):
        answer = reply.body[:500].decode(errors="replace")
    return f"{method} {address} answered {reply.status} {answer}"
