"""The rush before a deadline: submissions in the last second of a call, beside bare routes.

Every applicant has a token of its own, and sends its application once. Our API checks token, key
and body, reads the facts that the rules of a submission need, decides, and writes. One bare route
only writes; the other one reads the same facts before it writes.

Then more applications come while the programme clock passes the deadline: those that were
acknowledged in time count, and no other one.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness.bench import Bench, Namespace
from benchmarks.harness.events import command, key
from benchmarks.harness.open_call import (
    APPLICANT,
    BEGUN_AT,
    CLOSES_AT,
    CONNECTIONS,
    SETTLED_SECONDS_MAX,
    SHOW,
    CallApi,
    open_call,
    publish_rubric,
    registered,
    worker,
)
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_least, at_most
from benchmarks.paths.commands import free_port, ready
from shared.clock import write_clock
from shared.contracts.ids import application_id

WRITES = "bare FastAPI route, one majority update_one"
READS = "bare FastAPI route with the same reads, one majority update_one"
RUSH = "submissions in the last second of a call"


def _rows(against: str) -> tuple[Row, Row]:
    return (
        Row(path=RUSH, against=against, goal=at_least(0.6), unit="requests/s"),
        Row(path=f"{RUSH}, p99", against=against, goal=at_most(3), unit="ms"),
    )


ROWS = {against: _rows(against) for against in (WRITES, READS)}


async def measure(bench: Bench) -> Pairs:
    """Measure the rush, and check that exactly what was acknowledged in time counts."""
    warm, timed, late = (bench.size(*sizes) for sizes in ((50, 200), (400, 4_000), (100, 400)))
    clock = bench.folder / "rush-clock"
    async with bench.namespace("registration", "selection") as namespace:
        write_clock(clock, BEGUN_AT)
        async with CallApi.started(namespace, clock) as api:
            async with worker(namespace, clock):
                await publish_rubric(namespace)
                await open_call(api)
            applicants = await registered(api, warm + timed + late)
            write_clock(clock, CLOSES_AT - timedelta(seconds=1))
            in_time, others = applicants[: warm + timed], applicants[warm + timed :]
            requests = [_submission(api, each) for each in in_time]
            ours = await _load(namespace, api.port, requests, warm)
            acknowledged = {*in_time, *await _until_the_deadline(api, clock, others)}
            await _check(api, namespace, clock, acknowledged)
        peers = {
            WRITES: await _bare(namespace, list(_weighings(len(in_time))), warm),
            READS: await _bare(namespace, list(_bare_submissions(in_time)), warm),
        }
    pairs: dict[Row, Pair] = {}
    for against, bare in peers.items():
        rate, p99 = ROWS[against]
        pairs[rate] = Pair(ours["rate"], bare["rate"])
        pairs[p99] = Pair(ours["p99_seconds"] * 1_000, bare["p99_seconds"] * 1_000)
    return pairs


def _application(enterprise: str) -> dict[str, Any]:
    return {"enterprise": enterprise, "capacity": 5}


def _submission(api: CallApi, enterprise: str) -> bytes:
    body = json.dumps(_application(enterprise)).encode()
    return _request(f"/exhibitions/{SHOW}/applications", body, api.token(APPLICANT, enterprise))


def _request(path: str, body: bytes, token: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        f"authorization: Bearer {token}",
        f"idempotency-key: {key()}",
        "content-type: application/json",
        f"content-length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _load(
    namespace: Namespace, port: int, requests: Sequence[bytes], warm: int
) -> Mapping[str, Any]:
    path = namespace.bench.folder / "requests"
    path.write_text("\n".join(request.hex() for request in requests))
    job = {"port": port, "connections": CONNECTIONS, "file": str(path), "warm": warm}
    result = await namespace.result("benchmarks.harness.http_load:load", **job)
    for statuses in result["statuses"]:
        assert set(statuses) == {"201"}, statuses
    return result


async def _until_the_deadline(api: CallApi, clock: Path, applicants: Sequence[str]) -> list[str]:
    """Send applications while the deadline passes; return whose application was acknowledged."""
    waiting, acknowledged, refused = iter(applicants), list[str](), list[str]()

    async def apply() -> None:
        for each in waiting:
            answer = await api.send(
                APPLICANT, f"/exhibitions/{SHOW}/applications", _application(each), each
            )
            if answer.is_success:
                acknowledged.append(each)
            else:
                assert answer.json()["code"] == "call-closed", answer.text
                refused.append(each)
            if len(acknowledged) == len(applicants) // 2:
                write_clock(clock, CLOSES_AT + timedelta(milliseconds=1))

    await asyncio.gather(*(apply() for _ in range(CONNECTIONS)))
    assert acknowledged
    assert refused, "the deadline did not pass while applications came"
    return acknowledged


async def _check(api: CallApi, namespace: Namespace, clock: Path, acknowledged: set[str]) -> None:
    """Check, after the call has closed, that exactly these enterprises have applied."""
    write_clock(clock, CLOSES_AT + timedelta(minutes=5))
    async with worker(namespace, clock), asyncio.timeout(SETTLED_SECONDS_MAX):
        while True:
            if (await api.get(f"/exhibitions/{SHOW}"))["status"] == "CALL_CLOSED":
                break
            await asyncio.sleep(0.2)
    listed, address = set[str](), f"?exhibition={SHOW}&limit=500"
    while address:
        page = await api.get(f"/applications{address}")
        listed |= {item["id"] for item in page["items"]}
        address = page["next"]
    expected = {application_id(SHOW, each) for each in acknowledged}
    assert listed == expected, f"{len(listed - expected)} too many, {len(expected - listed)} lost"


async def _bare(namespace: Namespace, requests: Sequence[bytes], warm: int) -> Mapping[str, Any]:
    """Send requests to a bare route."""
    port = free_port()
    variables = {"parts": "api", "http_port": str(port)}
    program = "benchmarks.peers.bare_api"
    async with namespace.program("-m", program, name=program, variables=variables) as server:
        await ready(port, server)
        return await _load(namespace, port, requests, warm)


def _weighings(number: int) -> Iterator[bytes]:
    """Yield so many writes, each of a document of its own."""
    for serial in range(number):
        body = json.dumps(asdict(command(serial))).encode()
        yield _request(f"/parcels/rush-{serial}/weighings", body, "none")


def _bare_submissions(applicants: Sequence[str]) -> Iterator[bytes]:
    for each in applicants:
        body = json.dumps(_application(each)).encode()
        yield _request(f"/exhibitions/{SHOW}/applications", body, "none")


PATHS = (
    MeasuredPath(
        name="rush", rows=[row for rows in ROWS.values() for row in rows], measure=measure
    ),
)
