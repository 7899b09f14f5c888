"""`gelar restored`: what an operator settles after a database or a topic was restored."""

from typing import Annotated

import typer

from gelar.connection import servers_needed, with_engine
from gelar.lazy import plain_group
from gelar.parked import By, Reason
from gelar.services import ServiceName
from gelar.words import plain, terminal
from shared.operations.restored import Lost, Republication, Restored
from shared.service.engine import Engine
from shared.store.parking import Operator

app = plain_group("Settle what was lost with a restore, and publish what a topic has lost.")
console = terminal()


@app.command("list")
@servers_needed()
def list_lost(service: ServiceName) -> None:
    """Print the records that are incomplete since a restore, with their events; exit 1 if any.

    Nothing is decided on them until `settle`.
    """

    async def lost(engine: Engine) -> list[Lost]:
        return await Restored(engine).lost()

    found = with_engine(service, lost)
    for each in found:
        console.print(plain(f"{each.kind} {each.id}: {', '.join(each.events)}"))
    if found:
        raise typer.Exit(1)
    console.print(plain(f"{service}: nothing waits to be settled."))


@app.command()
@servers_needed()
def settle(
    service: ServiceName,
    kind: Annotated[str, typer.Argument(help="The kind of the record, as `list` prints it.")],
    id: Annotated[str, typer.Argument(help="Its id.")],
    *,
    reason: Reason,
    by: By,
) -> None:
    """Let commands be decided on a record again, as incomplete as it is."""

    async def settled(engine: Engine) -> bool:
        return await Restored(engine).settle(kind, id, Operator(by=by, reason=reason))

    if not with_engine(service, settled):
        console.print(plain(f"{kind} {id} does not wait: see `gelar restored list {service}`."))
        raise typer.Exit(1)
    console.print(plain(f"{kind} {id}: commands are decided on it again."))


@app.command()
@servers_needed()
def republish(service: ServiceName) -> None:
    """Publish the events of a service's history that its topic has lost. Stop the service first.

    Repeated, it publishes nothing: what the topic has is left alone.
    """

    async def run(engine: Engine) -> int:
        return await Republication(engine, service).run(lambda published: None)

    console.print(plain(f"{service}: {with_engine(service, run):,} events published."))


@app.command()
@servers_needed()
def reread(
    follower: Annotated[str, typer.Argument(metavar="FOLLOWER")],
    service: ServiceName,
) -> None:
    """Let a service read the topic of another one again from its beginning, counting nothing twice.

    For a topic that was deleted, restored or truncated.
    """

    async def rewind(engine: Engine) -> int:
        partitions = [partition for partition in engine.partitions if partition[0] == service]
        await engine.followed.read_again(partitions)
        return len(partitions)

    number = with_engine(follower, rewind)
    if not number:
        console.print(plain(f"{follower} does not follow {service}."))
        raise typer.Exit(1)
    console.print(plain(f"{follower} reads {number} partitions of {service} again."))
