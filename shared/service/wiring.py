"""Build the running parts of a service from its declaration and the settings.

Called by `Service.opened` and by the operator's commands; returns an `Engine`, not started.
"""

from shared.clock import clock_of
from shared.kernel.folding import Folding
from shared.kernel.parts import Parts
from shared.messaging.consumer import EventConsumer
from shared.messaging.producer import EventProducer
from shared.messaging.topics import Topics
from shared.service.commands import Commands
from shared.service.deadlines import Deadlines
from shared.service.engine import Engine
from shared.service.progress import Progress
from shared.service.reactions import Reactions
from shared.service.relay import Relay
from shared.service.worker import Worker
from shared.settings import Settings
from shared.store.aggregates import Aggregates
from shared.store.claims import Claims
from shared.store.database import Database
from shared.store.generations import Generation, Generations
from shared.store.history import History
from shared.store.inbox import Inbox
from shared.store.lookup import Lookup
from shared.store.parking import Parking
from shared.store.projection import Projection


def build(service: Parts, settings: Settings) -> Engine:
    """Wire the declared parts of a service; call it on the running event loop."""
    namespace = f"{settings.namespace}-" if settings.namespace else ""
    database = Database(settings.mongo_uri.get_secret_value(), f"{namespace}kukm-{service.name}")
    clock = clock_of(settings)
    folding = Folding(service.mirrors, service.views, service.tallies, service.reactions)
    aggregates = {
        decider.kind: Aggregates(database, decider, outbox_events_max=settings.outbox_events_max)
        for decider in service.deciders
    }
    producer = EventProducer(settings, service.name)
    relay = Relay(
        (of_kind.outboxes for of_kind in aggregates.values()),
        producer,
        sweep_seconds=settings.sweep_seconds,
    )
    commands = {kind: Commands(of_kind, relay.on_committed) for kind, of_kind in aggregates.items()}
    generations = Generations(database, service=service.name, version=service.version)
    # The worker moves to a new copy between its batches, the routes as soon as they see it.
    writing, reading = Generation(service.name), Generation(service.name)
    projection = Projection(database, folding, writing)
    read_projection = Projection(database, folding, reading)
    inbox = Inbox(database, folding, projection, Parking(database, projection))
    followed = sorted({mirror.service for mirror in service.mirrors})
    topics = Topics(settings)
    reactions = Reactions(
        service=service.name,
        database=database,
        inbox=inbox,
        aggregates=aggregates,
        mirrors={mirror.kind: mirror.name for mirror in service.mirrors},
        clock=clock,
        on_committed=relay.on_committed,
    )
    worker = None
    if "worker" in settings.parts:
        worker = Worker(
            folding=folding,
            projection=projection,
            inbox=inbox,
            reactions=reactions,
            generations=generations,
            batch_events_max=settings.batch_events_max,
        )
        worker.consumer = EventConsumer(
            settings,
            group=f"{service.name}.v{service.version}",
            services=followed,
            checkpoints=worker.assigned,
        )
    return Engine(
        database=database,
        clock=clock,
        commands=commands,
        projection=read_projection,
        claims=Claims(database),
        lookup=Lookup(aggregates, read_projection),
        progress=Progress(
            service=service.name,
            database=database,
            followed=followed,
            topics=topics,
            inbox=Inbox(database, folding, read_projection, Parking(database, read_projection)),
            aggregates=aggregates,
            clock=clock,
            partitions=settings.partitions,
        ),
        tallies=service.tallies,
        generations=generations,
        relay=relay,
        worker=worker,
        folding=folding,
        inbox=inbox,
        reactions=reactions,
        partitions=[
            (publisher, number) for publisher in followed for number in range(settings.partitions)
        ],
        _history=History(database),
        topics=topics,
        settings=settings,
        _published=sorted({service.name, *followed}),
        _producer=producer,
        _deadlines=Deadlines(commands, clock, service.name),
    )
