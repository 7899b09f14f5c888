"""`gelar versions` and `gelar backfill`: two versions of a service side by side, and back again."""

from datetime import datetime
from typing import Annotated

import typer
from rich.progress import Progress

from gelar.connection import servers_needed, with_engine
from gelar.lazy import plain_group
from gelar.services import ServiceName, service_named
from gelar.words import plain, terminal
from shared.contracts.calendar import WIB
from shared.kernel.errors import NewerVersion, Problem
from shared.operations.accepting import accept
from shared.operations.backfill import Backfill
from shared.service.engine import Engine

app = plain_group("Show and accept the version of a service that consumes.")
console = terminal()
FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


@app.command()
@servers_needed()
def show(service: ServiceName) -> None:
    """Print in what the consuming version and this version differ; exit 1 if this one must wait."""

    async def differences(engine: Engine) -> tuple[list[str], list[str]]:
        return await engine.versions.differences()

    lacking, refused = with_engine(service, differences)
    for feature in lacking:
        console.print(plain(f"The version that consumes {feature}; this version does not."))
    for feature in refused:
        console.print(plain(f"This version {feature}, which an operator went back from."))
    if lacking or refused:
        console.print(plain(f"If it is to go on, run `gelar versions accept {service}` with it."))
        raise typer.Exit(1)
    console.print("This version does all that the consuming version does.")


@app.command("accept")
@servers_needed()
def accept_version(
    service: ServiceName,
    *,
    park: Annotated[
        bool, typer.Option("--park", help="Park what waits for a command of the other version.")
    ] = False,
) -> None:
    """Let this version consume, although it does less than the version before it (a rollback).

    Run it with the version that is to go on. Workers of the other version hand over. What only the
    other version reacts to is left out; `gelar backfill` runs it later. `accept` with the other
    version is the way forward again.
    """

    async def take_over(engine: Engine) -> None:
        await accept(engine, park_unknown=park)

    try:
        with_engine(service, take_over)
    except NewerVersion as left:
        console.print(
            plain(
                f"The other version has left a command: {left}. Start a worker of that version "
                "once more, or use --park: then its subject waits for `gelar parked redrive`."
            ),
            style="red",
        )
        raise typer.Exit(1) from None
    console.print(plain(f"{service}: this version consumes from now on."))


@servers_needed()
def backfill(
    service: ServiceName,
    reaction: Annotated[str, typer.Argument(help="The reaction's name.")],
    since: Annotated[
        datetime,
        typer.Option("--from", help="Only events from this time on, in WIB.", formats=FORMATS),
    ],
) -> None:
    """Run a reaction on events that came before it was live, each exactly once.

    Interrupted or repeated, it goes on where it was.
    """

    async def run(engine: Engine) -> int:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(service, total=None)

            def report_progress(done: int, of: int) -> None:
                progress.update(task, completed=done, total=of)

            return await Backfill(
                service=service_named(service),
                engine=engine,
                reaction=reaction,
                since=since.replace(tzinfo=WIB),
            ).run(report_progress)

    try:
        ran = with_engine(service, run)
    except Problem as problem:
        console.print(plain(problem.sentence), style="red")
        raise typer.Exit(1) from None
    console.print(plain(f"{reaction} ran on {ran:,} events."))
