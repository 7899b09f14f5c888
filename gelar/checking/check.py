"""All checks at once, of some services that share a Kafka and a MongoDB."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from gelar.checking import archive
from gelar.checking.folds import Folds
from gelar.checking.log import Log, read_lines
from gelar.checking.money import Money
from shared.messaging.topics import topic_name
from shared.service.engine import Engine
from shared.service.parts import Parts
from shared.service.verify import Verdict, verify


@dataclass(kw_only=True)
class Report:
    """What was checked: of each service, and of the log; every difference is a line."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    messages: int = 0
    events: int = 0
    applied: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


async def check(services: Sequence[tuple[Parts, Engine]]) -> Report:
    """Check everything, at one moment of each database; the services may run meanwhile."""
    report = Report()
    async with AsyncExitStack() as stack:
        folds, past = [], {}
        for parts, engine in services:
            session = await stack.enter_async_context(engine.database.snapshot())
            fold = Folds(parts=parts, engine=engine, session=session)
            await fold.open()
            folds.append(fold)
            past[parts.name] = await archive.archived(engine, session)
        # Whatever the databases have at their moment is in the log by now.
        log, money = _read(services, folds)
        report.messages, report.events = log.messages, len(log.digests)
        report.differences += log.faults + money.faults
        report.differences += [
            f"{where} is no event, and nobody has parked it"
            for where in log.strangers
            if not any(fold.accounts_for(where) for fold in folds)
        ]
        for fold in folds:
            found = await fold.differences()
            report.applied[fold.parts.name] = fold.events
            report.differences += [f"{fold.parts.name}: {one}" for one in found]
    for parts, engine in services:
        async for one in archive.compare(engine, past[parts.name], log):
            report.differences.append(f"{parts.name}: {one}")
        report.verdicts[parts.name] = await verify(engine)
        found = report.verdicts[parts.name].differences
        report.differences += [f"{parts.name}: {one}" for one in found]
    return report


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
