"""The reconciliation: `gelar audit`, `gelar verify`, and a search for everything personal.

The audit checks every invariant from topics and APIs; `gelar verify` compares topics and databases;
the search knows every name and number that the generator made.
"""

import asyncio
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from demo.fiction.generator import World
from demo.privacy import privacy_check
from gelar.checking.check import Report, check
from gelar.checking.invariants.check import Evidence, Outcome
from gelar.checking.invariants.reading import Apis, audited, read_evidence
from gelar.services import SERVICES, service_named
from shared.service.wiring import build
from shared.settings import Settings


class Reconciliation(NamedTuple):
    """The outcomes of all checks, and the evidence that the audit looked at."""

    outcomes: list[Outcome]
    evidence: Evidence


async def reconcile(settings: Settings, apis: Apis, world: World) -> Reconciliation:
    """Make every check on topics, APIs and databases as they are now."""
    # The audit and `gelar verify` each keep a processor busy, so `gelar verify` runs in a process
    # of its own. That process ignores Ctrl-C: its parent handles it.
    ignoring = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=ignoring) as beside:
        verified = asyncio.get_running_loop().run_in_executor(beside, _verify, settings)
        evidence, outcomes = await asyncio.to_thread(audited, lambda: read_evidence(settings, apis))
        report = await verified
    outcomes += [
        privacy_check(world).outcome(evidence),
        *(_outcome(report, service) for service in SERVICES),
    ]
    return Reconciliation(outcomes=outcomes, evidence=evidence)


def _verify(settings: Settings) -> Report:
    return asyncio.run(_verified(settings))


async def _verified(settings: Settings) -> Report:
    async with AsyncExitStack() as stack:
        services = []
        for name in SERVICES:
            engine = build(service_named(name), settings)
            stack.push_async_callback(engine.stop)
            services.append((service_named(name), engine))
        return await check(services)


def _outcome(report: Report, service: str) -> Outcome:
    verdict = report.verdicts[service]
    aggregates, events = verdict.aggregates.total(), verdict.events.total()
    return Outcome(
        name=f"gelar verify: topics, histories and copies of {service}",
        invariant=None,
        compared=f"{aggregates:,} aggregates from {events:,} events, "
        f"{report.applied[service]:,} applied, {verdict.tallies} tallies",
        differences=tuple(
            finding.text for finding in report.findings if finding.service == service
        ),
    )
