"""Serve a service to a test as to its users: by HTTP, with tokens, on real servers.

async with served(service, routers, settings, token_keys) as api:
    answer = await api.command("budget-officer", "/envelopes", {...})
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import APIRouter

from gelar.issuer import issue_token
from shared.run import application
from shared.service import Service
from shared.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Api:
    """A service as its callers use it."""

    service: Service
    client: httpx.AsyncClient
    keys: Path
    tokens: dict[tuple[str, str | None, tuple[str, ...]], str] = field(default_factory=dict)

    def token(self, *roles: str, actor: str | None = None, enterprise: str | None = None) -> str:
        """Return a token for these roles; by default the first role names the actor.

        As a person does, a test uses its token for all its requests.
        """
        actor = actor or f"{roles[0]}-1"
        known = (actor, enterprise, roles)
        if known not in self.tokens:
            self.tokens[known] = issue_token(
                self.keys, actor=actor, roles=roles, enterprise=enterprise
            )
        return self.tokens[known]

    async def command(  # noqa: PLR0913 - a request has that many parts
        self,
        role: str,
        path: str,
        body: object,
        *,
        actor: str | None = None,
        enterprise: str | None = None,
        key: str | None = None,
        method: str = "POST",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send a command with a fresh idempotency key, or with `key`."""
        token = self.token(role, actor=actor, enterprise=enterprise)
        sent = {"authorization": f"Bearer {token}", "idempotency-key": key or uuid4().hex}
        return await self.client.request(method, path, json=body, headers=sent | (headers or {}))

    async def upload(  # noqa: PLR0913 - a request has that many parts
        self,
        role: str,
        path: str,
        content: bytes,
        *,
        actor: str | None = None,
        enterprise: str | None = None,
        key: str | None = None,
        media_type: str = "application/octet-stream",
    ) -> httpx.Response:
        """Send a file as the body, with a fresh idempotency key, or with `key`."""
        token = self.token(role, actor=actor, enterprise=enterprise)
        sent = {"authorization": f"Bearer {token}", "idempotency-key": key or uuid4().hex}
        sent["content-type"] = media_type
        return await self.client.post(path, content=content, headers=sent)

    async def query(
        self, role: str, path: str, *, enterprise: str | None = None, **parameters: str
    ) -> httpx.Response:
        """Send a query."""
        token = self.token(role, enterprise=enterprise)
        headers = {"authorization": f"Bearer {token}"}
        return await self.client.get(path, params=parameters or None, headers=headers)


@asynccontextmanager
async def served(
    service: Service, routers: Sequence[APIRouter], settings: Settings, keys: Path
) -> AsyncIterator[Api]:
    """Run and serve the service in this process until the block ends."""
    app = application(service, routers, settings)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://gelar.test") as client,
    ):
        yield Api(service=service, client=client, keys=keys)


def code(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the problem code of an answer."""
    return response.status_code, response.json()["code"]


def done(response: httpx.Response) -> tuple[int, str, int, list[str]]:
    """Return status, id, version and the events' types of a command's answer, without prefix."""
    body = response.json()
    types = [type.removeprefix("id.go.kukm.").partition(".")[2] for type in body["events"]]
    return response.status_code, body["id"], body["version"], types
