"""At every route the token is checked first: a stranger costs no read of a database."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pymongo.monitoring import CommandListener, CommandStartedEvent, register

from gelar.services import SERVICES
from shared.settings import Settings
from tests.serving import code, served

READS = ("find", "aggregate", "count", "distinct")
OWN_LOOPS = ("projection",)
"""The collections that each process reads at intervals, without a request."""


class Reads(CommandListener):
    """The collections that the driver reads."""

    def __init__(self) -> None:
        self.collections: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in READS:
            collection = str(event.command[event.command_name])
            if collection not in OWN_LOOPS:
                self.collections.append(collection)

    def succeeded(self, event: Any) -> None:
        """Ignore it."""

    def failed(self, event: Any) -> None:
        """Ignore it."""


FOR_ANYBODY = (
    "/document-checks/{digest}",
    "/rounds/{exhibition}/recapitulation-checks/{digest}",
)
"""The routes that a QR code on paper names: a holder of the paper checks it, without a token."""


@pytest.mark.parametrize("name", SERVICES)
async def test_a_stranger_costs_no_read_of_a_database(
    name: str, settings: Settings, token_keys: Path
) -> None:
    reads = Reads()
    # Every client that is made from now on reports to it.
    register(reads)
    app = import_module(f"services.{name}.app")
    apart = settings.model_copy(update={"parts": frozenset({"api"}), "sweep_seconds": 60.0})
    async with served(app.service, app.routers, apart, token_keys) as api:
        paths = (await api.client.get("/openapi.json")).json()["paths"]
        routes = [(method, path) for path, methods in paths.items() for method in methods]
        assert len(routes) > 3
        reads.collections.clear()
        for method, path in routes:
            if path in FOR_ANYBODY:
                continue
            filled = re.sub(r"\{[a-z_]+\}", "x", path)
            for address in (filled, f"{filled}?after=exhibition/x@1", f"{filled}?wrong=1"):
                answer = await api.client.request(method, address, content=b"{")
                assert code(answer) == (401, "token-missing"), (method, address)
        assert reads.collections == []


async def test_a_query_cannot_wait_for_a_kind_that_the_service_does_not_follow(
    settings: Settings, token_keys: Path
) -> None:
    app = import_module("services.selection.app")
    apart = settings.model_copy(update={"parts": frozenset({"api"}), "sweep_seconds": 60.0})
    async with served(app.service, app.routers, apart, token_keys) as api:
        answer = await api.query("auditor", "/rounds?after=booth/b1@1")
        assert code(answer) == (422, "after-not-followed")
        assert "exhibition" in answer.json()["detail"]
