"""All checks at once, of some services that share a Kafka and a MongoDB."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from gelar.checking import archive
from gelar.checking.findings import Concern, Finding
from gelar.checking.folds import Folds
from gelar.checking.log import Log, read_lines
from gelar.checking.money import Money
from shared.kernel.parts import Parts
from shared.messaging.topics import topic_name
from shared.operations.verify import Verdict, verify
from shared.service.engine import Engine


@dataclass(kw_only=True)
class Report:
    """What was checked: of each service, and of the log; and all that was found."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    messages: int = 0
    events: int = 0
    applied: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def differences(self) -> list[str]:
        """Every difference, in a line."""
        return [one.told for one in self.findings]

    def add(self, concern: Concern, service: str, *told: str) -> None:
        """Note what was found about one service."""
        self.findings += [
            Finding(concern=concern, service=service, told=f"{service}: {one}") for one in told
        ]


async def check(services: Sequence[tuple[Parts, Engine]]) -> Report:
    """Check everything, at one moment of each database; the services may run meanwhile.

    Raises `OtherVersion`.
    """
    report = Report()
    async with AsyncExitStack() as stack:
        folds, past = [], {}
        for parts, engine in services:
            session = await stack.enter_async_context(engine.database.snapshot())
            # A copy that was live before this moment may have been swapped since.
            await engine.attach(session)
            fold = Folds(parts=parts, engine=engine, session=session)
            await fold.open()
            folds.append(fold)
            report.parked[parts.name] = await engine.inbox.parking.subjects(session)
            past[parts.name] = await archive.archived(engine, session)
        # Whatever the databases have at their moment is in the log by now.
        log, money = _read(services, folds)
        report.messages, report.events = log.messages, len(log.digests)
        report.findings += [*log.faults, *money.faults, *_strangers(log, folds)]
        for fold in folds:
            report.add(Concern.COPIES, fold.parts.name, *await fold.differences())
            report.applied[fold.parts.name] = fold.events
    for parts, engine in services:
        async for one in archive.unknown(engine, past[parts.name], log):
            report.add(Concern.FOREIGN, parts.name, one)
        report.add(Concern.RECORD, parts.name, *archive.unpublished(past[parts.name], log))
        # Its tallies were counted from the log itself: to count them from the mirrors, too, would
        # only tell each difference twice.
        verdict = await verify(replace(engine, tallies=()))
        verdict.tallies = len(parts.tallies)
        report.verdicts[parts.name] = verdict
        report.add(Concern.RECORD, parts.name, *verdict.differences)
    return report


def _strangers(log: Log, folds: Sequence[Folds]) -> list[Finding]:
    return [
        Finding(
            concern=Concern.STRANGERS,
            service=where.partition("/")[0],
            told=f"{where} is no event, and nobody has parked it",
        )
        for where in log.strangers
        if not any(fold.accounts_for(where) for fold in folds)
    ]


def _read(services: Sequence[tuple[Parts, Engine]], folds: Sequence[Folds]) -> tuple[Log, Money]:
    settings = services[0][1].settings
    names = {parts.name for parts, _ in services}
    names |= {mirror.service for parts, _ in services for mirror in parts.mirrors}
    topics = {topic_name(settings.namespace, name): name for name in sorted(names)}
    log, money = Log(), Money()
    for line in read_lines(settings.kafka_bootstrap_servers, topics):
        if log.take(line):
            money.take(line)
            for fold in folds:
                fold.take(line)
    return log, money
