"""Build the running parts of a service from its declaration and the settings.

Called by `Service.opened` and by the operator's commands; returns an `Engine`, not started.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from shared.clock import clock_of
from shared.kernel.folding import Folding
from shared.kernel.parts import Parts
from shared.messaging.consumer import EventConsumer
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.service.catching_up import CatchingUp
from shared.service.commands import Commands
from shared.service.deadlines import Deadlines
from shared.service.engine import Engine
from shared.service.followed import Followed
from shared.service.jobs import Jobs
from shared.service.progress import Progress
from shared.service.reactions import Reactions
from shared.service.relay import Relay
from shared.service.unnamed_files import UnnamedFiles
from shared.service.uploads import Uploads
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store.aggregates import Aggregates
from shared.store.claims import Claims
from shared.store.database import Database
from shared.store.documents import Loaded
from shared.store.files import file_indexes
from shared.store.generations import Generation, Generations
from shared.store.history import History
from shared.store.inbox import Inbox
from shared.store.indexes import Index
from shared.store.job_rows import JobRows
from shared.store.lookup import Lookup
from shared.store.missing import Missing
from shared.store.parking import Parking
from shared.store.projection import Projection
from shared.store.published import Published
from shared.store.versions import Versions


def open_database(service: str, settings: Settings) -> Database:
    """Return the database of a service. Raises `CannotStart` for an address that is none."""
    return Database(settings.mongo_uri.get_secret_value(), settings.database_name(service))


def build(service: Parts, settings: Settings) -> Engine:
    """Wire the declared parts of a service; call it on the running event loop."""
    # 1. The doors: database, clock, broker.
    database = open_database(service.name, settings)
    clock, topics = clock_of(settings), Topics(settings)
    producer = EventProducer(settings, service.name)
    # 2. The way out.
    aggregates = {
        decider.kind: Aggregates(database, decider, outbox_events_max=settings.outbox_events_max)
        for decider in service.deciders
    }
    outboxes = [of_kind.outboxes for of_kind in aggregates.values()]
    relay = Relay(outboxes, producer, sweep_seconds=settings.sweep_seconds)
    commands = {kind: Commands(of_kind, relay.on_committed) for kind, of_kind in aggregates.items()}

    def on_reacted(kind: str, loaded: Loaded[Any]) -> None:
        commands[kind].written_by_reaction(loaded.id)
        relay.on_committed(kind, loaded)

    # 3. The way in. The worker moves to a new copy between its batches, the routes at once.
    folding = Folding(service.mirrors, service.views, service.tallies, service.reactions)
    written = _inbox(database, folding, Generation(service.name))
    read = _inbox(database, folding, Generation(service.name))
    generations = Generations(database, service=service.name, version=service.version)
    partitions = service.partitions(settings.partitions)
    versions = Versions.of(service, database, written, partitions)
    claims, missing = Claims(database), Missing(database)
    catching_up = CatchingUp(
        service=service.name,
        settings=settings,
        topics=topics,
        published=Published(database, service.name),
        missing=missing,
        aggregates=aggregates,
        claims=claims,
    )
    reactions = Reactions(
        service=service.name,
        database=database,
        inbox=written,
        aggregates=aggregates,
        mirrors={mirror.kind: mirror.name for mirror in service.mirrors},
        missing=missing,
        clock=clock,
        on_committed=on_reacted,
    )
    followed = Followed(
        services=service.followed,
        topics=topics,
        database=database,
        inbox=written,
        generations=generations,
        versions=versions,
    )
    progress = Progress(
        service=service.name,
        database=database,
        followed=service.followed,
        topics=topics,
        inbox=read,
        aggregates=aggregates,
        clock=clock,
        partitions=partitions,
        job_rows={job.kind: JobRows(database, job.kind) for job in service.jobs},
    )
    lookup = Lookup(aggregates, read.projection)
    sweeps = {"deadlines": Deadlines(commands, clock, service.name).run}
    if service.files_of:
        sweeps["files"] = UnnamedFiles(database, lookup, service.files_of).run
    if service.jobs:
        rows = progress.job_rows
        jobs = Jobs(service, database=database, commands=commands, rows=rows, clock=clock)
        sweeps["jobs"] = jobs.run
    return Engine(
        database=database,
        clock=clock,
        commands=commands,
        projection=read.projection,
        claims=claims,
        lookup=lookup,
        progress=progress,
        tallies=service.tallies,
        generations=generations,
        versions=versions,
        catching_up=catching_up,
        relay=relay,
        worker=_worker(
            service,
            settings,
            reactions,
            followed=followed,
            generations=generations,
            versions=versions,
        ),
        folding=folding,
        inbox=written,
        reactions=reactions,
        followed=followed,
        partitions=partitions,
        own_indexes=_indexes(service, progress, database),
        uploads=Uploads(database),
        topics=topics,
        settings=settings,
        _published=sorted({service.name, *service.followed}),
        producer=producer,
        _sweeps=sweeps,
    )


def _indexes(service: Parts, progress: Progress, database: Database) -> Sequence[Index]:
    of_kinds = [of_kind.indexes() for of_kind in progress.aggregates.values()]
    of_jobs = [rows.indexes() for rows in progress.job_rows.values()]
    of_files = file_indexes() if service.files_of else []
    return [*itertools.chain(*of_kinds, *of_jobs), History(database).index(), *of_files]


def _inbox(database: Database, folding: Folding, generation: Generation) -> Inbox:
    projection = Projection(database, folding, generation)
    return Inbox(database, folding, projection, Parking(database, projection))


def _worker(
    service: Parts,
    settings: Settings,
    reactions: Reactions,
    *,
    followed: Followed,
    generations: Generations,
    versions: Versions,
) -> Worker | None:
    if "worker" not in settings.parts:
        return None
    worker = Worker(
        folding=reactions.inbox.folding,
        projection=reactions.inbox.projection,
        inbox=reactions.inbox,
        reactions=reactions,
        followed=followed,
        generations=generations,
        versions=versions,
        batch_events_max=settings.batch_events_max,
    )
    worker.open_consumer = lambda: EventConsumer(
        settings,
        group=f"{service.name}.v{service.version}",
        services=service.followed,
        checkpoints=worker.assigned,
        after_loss=worker.lost,
    )
    return worker
