"""An open call of registration for a benchmark: its API, its officers and its applicants.

The API and, where one is needed, the worker are processes with a programme clock that the benchmark
sets. The rubric of the call is published as selection does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

from benchmarks.harness.bench import Namespace
from benchmarks.harness.events import key
from benchmarks.paths.commands import free_port, ready
from gelar.issuer import issue_token
from services.registration.rule_sets import rule_set_file
from shared.contracts.selection.rubric import Criterion, RubricPublished
from shared.contracts.words import Scope, Sentence
from shared.kernel.decider import Context, Origin
from shared.kernel.recorded import record
from shared.messaging.producer import EventProducer

CONNECTIONS = 32
BEGUN_AT = datetime(2018, 2, 1, 3, tzinfo=UTC)
CLOSES_AT = datetime(2018, 3, 1, 16, 59, 59, tzinfo=UTC)
SHOW, RULES, RUBRIC = "inacraft-2018", "kukm-2018-1", "rubric-2018"
KEY = "an identifier key of a measurement, 32 signs"
PLANNER, VERIFIER, APPLICANT = "programme-officer", "verification-officer", "enterprise"
TARGETS = [{"scope": "ALL", "indicator": "ENTERPRISES", "value": 700}]
SIGNED = {"document_number": "KEP-1/2018", "signed_on": "2018-01-02"}
PLAN = {"venue": "JCC", "starts_on": "2018-04-25", "ends_on": "2018-04-29", "places": 100}
SETTLED_SECONDS_MAX = 120


class CallApi:
    """The API of registration in a process, with its callers."""

    def __init__(self, namespace: Namespace, port: int, client: httpx.AsyncClient) -> None:
        self.port = port
        self._keys = namespace.bench.folder / "keys"
        self._client = client
        self._tokens: dict[str, str] = {}

    @classmethod
    @asynccontextmanager
    async def started(cls, namespace: Namespace, clock: Path) -> AsyncIterator["CallApi"]:
        """Start it, and end it with the block."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        async with (
            namespace.program(
                "-m",
                "services.registration.app",
                name="rush-api",
                variables=_variables(clock, parts="api", http_port=str(port)),
            ) as server,
            httpx.AsyncClient(base_url=address, trust_env=False, timeout=120) as client,
        ):
            await ready(port, server)
            yield cls(namespace, port, client)

    def token(self, role: str, enterprise: str | None = None) -> str:
        """Return the token of an officer, or of an enterprise."""
        actor = enterprise or f"{role}-1"
        if actor not in self._tokens:
            self._tokens[actor] = issue_token(
                self._keys, actor=actor, roles=[role], enterprise=enterprise
            )
        return self._tokens[actor]

    async def send(
        self, role: str, path: str, body: object, enterprise: str | None = None
    ) -> httpx.Response:
        """Send a command."""
        token = self.token(role, enterprise)
        headers = {"authorization": f"Bearer {token}", "idempotency-key": key()}
        return await self._client.post(path, json=body, headers=headers)

    async def done(self, role: str, path: str, body: object) -> str:
        """Send a command that must succeed, as soon as what it names is known; return its id."""
        async with asyncio.timeout(SETTLED_SECONDS_MAX):
            while True:
                answer = await self.send(role, path, body)
                if answer.is_success:
                    id: str = answer.json()["id"]
                    return id
                assert "retry-after" in answer.headers, answer.text
                await asyncio.sleep(0.2)

    async def get(self, path: str) -> dict[str, Any]:
        """Return the answer of a query."""
        headers = {"authorization": f"Bearer {self.token(VERIFIER)}"}
        answer: dict[str, Any] = (await self._client.get(path, headers=headers)).json()
        return answer


def _variables(clock: Path, **more: str) -> dict[str, str]:
    return {"clock_file": str(clock), "identifier_key": KEY, **more}


@asynccontextmanager
async def worker(namespace: Namespace, clock: Path) -> AsyncIterator[None]:
    variables = _variables(clock, parts="worker", http_port="0")
    module = ("-m", "services.registration.app")
    async with namespace.program(*module, name="rush-worker", variables=variables):
        yield


async def open_call(api: CallApi) -> None:
    """Open a call; the rubric comes from selection."""
    await api.done(
        PLANNER,
        "/programmes",
        {"programme": "2018", "title": "Pameran 2018", "targets": TARGETS, **SIGNED},
    )
    await api.done(PLANNER, "/rule-sets", rule_set_file(RULES))
    proposal = {
        **{"exhibition": SHOW, "programme": "2018", "scope": "DOMESTIC", "name": "Inacraft"},
        **{"city": "Jakarta", "country": "ID", "organiser": "ASEPHI", "sectors": ["14"]},
    }
    await api.done(PLANNER, "/exhibitions", proposal)
    await api.done(PLANNER, f"/exhibitions/{SHOW}/plan", PLAN)
    call = {
        **{"closes_at": CLOSES_AT.isoformat(), "rule_set": RULES, "rubric": RUBRIC},
        "requirements": ["licence", "capacity"],
    }
    await api.done(PLANNER, f"/exhibitions/{SHOW}/call", call)


async def publish_rubric(namespace: Namespace) -> None:
    """Publish the rubric of the call, as selection does."""
    word = Sentence(id="Mutu", en="Quality")
    criterion = Criterion(code="q", name=word, weight=100, levels=(word, word, word, word, word))
    rubric = RubricPublished(
        rubric=RUBRIC, title=word, criteria=(criterion,), thresholds={Scope.DOMESTIC: 6_000}
    )
    context = Context(
        now=BEGUN_AT,
        origin=Origin.REACTION,
        actor="service:selection",
        subject=RUBRIC,
        correlation_id=str(uuid4()),
    )
    producer = EventProducer(namespace.settings(), "selection")
    await producer.publish([record(rubric, 1, context, None)])
    await asyncio.to_thread(producer.close)


async def registered(api: CallApi, number: int) -> list[str]:
    """Register so many enterprises, and return their ids."""
    turns = asyncio.Semaphore(CONNECTIONS)

    async def register(serial: int) -> str:
        async with turns:
            return await api.done(VERIFIER, "/enterprises", _form(serial))

    return await asyncio.gather(*(register(serial) for serial in range(number)))


def _form(serial: int) -> dict[str, Any]:
    # Names of their own, so that none is like another.
    words = uuid5(NAMESPACE_URL, str(serial)).hex
    return {
        "name": f"Kriya {words[:12]} {words[12:20]}",
        "representative": f"Ibu {words[20:]}",
        "cooperative": False,
        "province": {"system": "BPS", "edition": "2018", "code": "31"},
        "sector": "14",
        "net_assets_idr": 200_000_000,
        "annual_sales_idr": 900_000_000,
        "earlier_participations": 0,
        "products": [{"name": "Batik"}],
        "identifiers": {
            "npwp": f"0123456789{serial:05}",
            "nik": f"3171{serial // 9_000:02}570885{serial % 9_000 + 1:04}",
        },
    }
