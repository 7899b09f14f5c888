"""The client: patient where patience helps, the same key for the same request, plain failures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo import DemoError
from demo.player.client import Api, open_api
from demo.player.people import TREASURER, Tokens

Answer = Callable[[bytes], bytes]
GOOD = b'{"id": "x", "version": 1}'


def answer(status: int, body: bytes, *headers: str) -> bytes:
    """An HTTP answer as the services send it."""
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def service(answers: list[bytes], keys: Path) -> AsyncIterator[tuple[Api, list[bytes]]]:
    """A service that gives these answers in turn (b"": it hangs up), and what it was asked."""
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                heads.append(head)
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                sent = answers.pop(0)
                if not sent:
                    break
                writer.write(sent)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    urls = {"budget": f"http://127.0.0.1:{port}"}
    async with open_api(urls, Tokens(keys), seed=1, watch=lambda: None) as api:
        yield api, heads
    server.close()
    await server.wait_closed()


def key_of(head: bytes) -> bytes:
    """The idempotency key of a request."""
    return head.lower().split(b"idempotency-key: ")[1].split(b"\r\n")[0]


def ask(api: Api, apart: str = "") -> Awaitable[dict[str, object]]:
    """A command."""
    return api.command(TREASURER, "budget/envelopes", {"pagu_idr": 1}, apart=apart)


async def test_a_command_is_answered(token_keys: Path) -> None:
    async with service([answer(201, GOOD)], token_keys) as (api, heads):
        assert await ask(api) == {"id": "x", "version": 1}
    assert heads[0].startswith(b"POST /envelopes HTTP/1.1")


async def test_what_can_pass_is_asked_again_with_the_same_key(token_keys: Path) -> None:
    answers = [
        answer(503, b"{}", "retry-after: 0"),
        answer(409, b'{"code": "unknown-exhibition"}', "retry-after: 0"),
        answer(200, GOOD),
    ]
    async with service(answers, token_keys) as (api, heads):
        await ask(api)
        assert api.retries == 2
    assert len({key_of(head) for head in heads}) == 1


async def test_a_broken_connection_is_opened_anew(token_keys: Path) -> None:
    async with service([answer(200, GOOD), b"", answer(200, GOOD)], token_keys) as (api, heads):
        await ask(api)
        await ask(api)
    assert len(heads) == 3


async def test_different_requests_have_different_keys(token_keys: Path) -> None:
    async with service([answer(200, GOOD)] * 2, token_keys) as (api, heads):
        await ask(api, "one")
        await ask(api, "another")
    assert key_of(heads[0]) != key_of(heads[1])


async def test_a_refusal_ends_it_with_what_was_asked_and_answered(token_keys: Path) -> None:
    sent = b'{"code": "pagu-exceeded", "detail": "Too much."}'
    async with service([answer(409, sent)], token_keys) as (api, _):
        with pytest.raises(DemoError, match=r"budget/envelopes answered 409 pagu-exceeded: Too"):
            await ask(api)


async def test_a_rule_that_should_refuse_and_does_not_ends_it(token_keys: Path) -> None:
    async with service([answer(200, GOOD)], token_keys) as (api, _):
        with pytest.raises(DemoError, match="was to be refused with pagu-exceeded"):
            await api.refused(TREASURER, "budget/envelopes", {}, code="pagu-exceeded")
