"""An import of a dinas's spreadsheet by two workers, of which the one that does it is killed.

The limit is three minutes from the request to the last outcome, with the seconds that the lease of
the dead worker is held. Every row registers an enterprise and files a document.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.processes import Program
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.paths.commands import free_port, ready
from gelar.issuer import issue_token
from services.registration.domain.imports.columns import COLUMNS, SHEET
from shared.tables import Page, write_xlsx

IMPORT = Row(
    path="import of 5,000 rows, its worker killed in the midst",
    against="the limit of 3 minutes",
    goal=at_most(1),
    unit="s",
)
LIMIT_SECONDS = 180.0
ROWS = 5_000
SEEN_SECONDS = 0.5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEY = "an identifier key of a measurement, 32 signs"


async def measure(bench: Bench) -> Pairs:
    """Import the rows; the time of a short run is that of fewer rows, in proportion."""
    rows = bench.size(500, ROWS)
    async with bench.namespace("registration", "selection") as namespace, _api(namespace) as api:
        begun = time.perf_counter()
        id = await _asked(api, rows)
        async with _worker(namespace) as first:
            await _done(api, id, rows // 2)
            os.kill(first.pid, signal.SIGKILL)
        async with _worker(namespace):
            await _done(api, id, rows)
        seconds = (time.perf_counter() - begun) * ROWS / rows
    return {IMPORT: Pair(seconds, LIMIT_SECONDS)}


def workbook(rows: int) -> bytes:
    """Return a workbook with so many enterprises."""
    headings = [column.heading for column in COLUMNS]
    cells = [_cells(number) for number in range(rows)]
    return write_xlsx([Page(name=SHEET, headings=headings, rows=cells)])


def _cells(number: int) -> list[str]:
    cells = {column.name: column.example for column in COLUMNS} | {
        "name": f"Batik {number}",
        "npwp": f"0123456789{number:05}",
        "nik": f"3171{number // 9_000:02}570885{number % 9_000 + 1:04}",
        "nib": f"81200012{number:05}",
    }
    return [cells[column.name] for column in COLUMNS]


@asynccontextmanager
async def _api(namespace: Namespace) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    variables = {"parts": "api", "http_port": str(port), "identifier_key": KEY}
    async with (
        namespace.program(
            "-m", "services.registration.app", name="import-api", variables=variables
        ) as server,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120) as api,
    ):
        await ready(port, server)
        keys = namespace.bench.folder / "keys"
        token = issue_token(keys, actor="clerk-7", roles=["verification-officer"])
        api.headers["authorization"] = f"Bearer {token}"
        yield api


@asynccontextmanager
async def _worker(namespace: Namespace) -> AsyncIterator[Program]:
    variables = {"parts": "worker", "http_port": "0"}
    module = ("-m", "services.registration.app")
    async with namespace.program(*module, name="import-worker", variables=variables) as program:
        yield program


async def _asked(api: httpx.AsyncClient, rows: int) -> str:
    headers = {"content-type": XLSX, "idempotency-key": uuid4().hex}
    answer = await api.post("/imports", content=workbook(rows), headers=headers)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def _done(api: httpx.AsyncClient, id: str, rows: int) -> None:
    """Wait until so many rows have registered their enterprise."""
    async with asyncio.timeout(10 * LIMIT_SECONDS):
        while True:
            found: dict[str, Any] = json.loads((await api.get(f"/imports/{id}")).content)
            outcomes = found["outcomes"]
            others = {word for word, number in outcomes.items() if number}
            assert others <= {"REGISTERED", "WAITING"}, outcomes
            if outcomes["REGISTERED"] >= rows:
                return
            await asyncio.sleep(SEEN_SECONDS)


PATHS = (MeasuredPath(name="imports", rows=(IMPORT,), measure=measure, rounds=1),)
