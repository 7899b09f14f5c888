"""Run all checks on services that share a Kafka and a MongoDB."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from gelar.checking.databases import archive
from gelar.checking.databases.folds import Folds
from gelar.checking.findings import Concern, Finding
from gelar.checking.topics.log import Log, read_lines
from gelar.checking.topics.money import Money
from shared.kernel.parts import Parts
from shared.messaging.topics import topic_name
from shared.operations.verify import Verdict, verify
from shared.service.engine import Engine
from shared.store.counts import count


@dataclass(kw_only=True)
class Report:
    """The numbers of what was checked, by service and of the log, and all findings.

    `undecodable` has a line for each parked message that cannot be read; it is no difference.
    """

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    messages: int = 0
    events: int = 0
    applied: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    undecodable: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def differences(self) -> list[str]:
        """Return a line for every difference."""
        return [finding.text for finding in self.findings]

    @property
    def unchecked(self) -> list[str]:
        """Return a line for each type of event that only another version knows; no differences."""
        return [
            f"{service}: {number:,} records of {kind} not checked, because this version does not "
            f"know {type}: run `gelar verify` of the version that made them"
            for service, verdict in self.verdicts.items()
            for (kind, type), number in sorted(verdict.unknown.items())
        ]

    def add(self, concern: Concern, service: str, *texts: str) -> None:
        """Add findings about a service."""
        self.findings += [
            Finding(concern=concern, service=service, text=f"{service}: {text}") for text in texts
        ]


async def check(services: Sequence[tuple[Parts, Engine]]) -> Report:
    """Check everything in a snapshot of each database; the services may keep running.

    Raises `OtherVersion`.
    """
    report = Report()
    async with AsyncExitStack() as stack:
        folds, past = [], {}
        for parts, engine in services:
            session = await stack.enter_async_context(engine.database.snapshot())
            # Before the snapshot another copy may have been live: attach to the copy that it sees.
            await engine.attach(session)
            fold = Folds(parts=parts, engine=engine, session=session)
            await fold.open()
            folds.append(fold)
            report.parked[parts.name] = await count(engine.inbox.parking.subjects(), session)
            found = await archive.archived(engine, session)
            past[parts.name] = found.digests
            report.add(Concern.RECORD, parts.name, *found.faults)
        # Every event that the snapshots have archived or applied is in the log by now.
        log, money = _read(services, folds)
        report.messages, report.events = log.messages, len(log.digests)
        report.findings += [*log.faults, *money.faults, *_not_events(log, folds)]
        for fold in folds:
            name = fold.parts.name
            report.undecodable += [f"{name} has parked {text}" for text in fold.undecodable]
            report.add(Concern.COPIES, name, *await fold.differences())
            report.applied[name] = fold.events
    for parts, engine in services:
        async for text in archive.unknown(engine, past[parts.name], log):
            report.add(Concern.FOREIGN, parts.name, text)
        report.add(Concern.RECORD, parts.name, *archive.unpublished(past[parts.name], log))
        # The tallies were counted from the log above: to count them from the mirrors, too, would
        # report each difference twice.
        verdict = await verify(replace(engine, tallies=()))
        verdict.tallies = len(parts.tallies)
        report.verdicts[parts.name] = verdict
        report.add(Concern.RECORD, parts.name, *verdict.differences)
    return report


def _not_events(log: Log, folds: Sequence[Folds]) -> list[Finding]:
    return [
        Finding(
            concern=Concern.NOT_EVENTS,
            service=where.partition("/")[0],
            text=f"{where} is no event, and no service has parked it",
        )
        for where in log.not_events
        if not any(fold.accounts_for(where) for fold in folds)
    ]


def _read(services: Sequence[tuple[Parts, Engine]], folds: Sequence[Folds]) -> tuple[Log, Money]:
    settings = services[0][1].settings
    names = {parts.name for parts, _ in services}
    names |= {mirror.service for parts, _ in services for mirror in parts.mirrors}
    topics = {topic_name(settings.namespace, name): name for name in sorted(names)}
    log, money = Log(), Money()
    for line in read_lines(settings, topics):
        if log.take(line):
            money.take(line)
            for fold in folds:
                fold.take(line)
    return log, money
