"""`gelar rebuild`: fold a service's mirrors, views and tallies into a new copy, and swap it in.

`run` builds the copy, compares it with the live copy and swaps them while the service runs; after
an interruption it continues where it stopped. `drop-old` removes the copies before the live copy;
`abandon` drops a rebuild that was begun.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from rich.progress import Progress

from gelar.connection import connected, engine_of, servers_needed
from gelar.lazy import plain_group
from gelar.services import ServiceName, service_named
from gelar.words import terminal
from shared.kernel.errors import Refused
from shared.operations.comparison import Comparison
from shared.operations.rebuild import LiveCopyTooBusy, Rebuild
from shared.operations.refolding import CannotFold
from shared.run import tune_gc
from shared.service.engine import Engine
from shared.store.generations import NotBuilding, OtherVersion, TakenOver

app = plain_group("Rebuild a service's mirrors, views and tallies from the topics.")
console = terminal()

REASONS: dict[type[Exception], str] = {
    OtherVersion: "{error}.",
    CannotFold: (
        "The code cannot fold an event that the live copy has folded: {error}. Nothing was "
        "swapped, and the new copy is dropped: correct the code and run the rebuild again."
    ),
    LiveCopyTooBusy: (
        "{error} changed during every attempt to swap, or reads a topic again: "
        "run the rebuild again at a quieter time."
    ),
    NotBuilding: (
        "The rebuild was given up while it ran, and nothing was swapped: an operator abandoned it, "
        "or a topic is read again. Run it again."
    ),
    Refused: "{error.sentence}",
    TakenOver: "Another process continues this rebuild: wait until it ends.",
}
INTERRUPTED = (
    "Interrupted: the new copy is kept, and until it is swapped or dropped no event can be "
    "redriven or discarded. `gelar rebuild run {service}` goes on with it, "
    "`gelar rebuild abandon {service}` drops it."
)


@app.command()
@servers_needed()
def run(
    service: ServiceName,
    *,
    compare: Annotated[
        bool, typer.Option(help="Print the differences from the live copy before the swap.")
    ] = True,
) -> None:
    """Build a new copy, compare it, and make it live in one step."""

    async def rebuild(engine: Engine) -> Comparison | None:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(service, total=None)

            def report_progress(done: int, of: int) -> None:
                progress.update(task, completed=done, total=of)

            tune_gc()
            return await Rebuild(
                service=service_named(service),
                settings=engine.settings,
                database=engine.database,
                generations=engine.generations,
            ).run(report_progress, comparing=compare)

    try:
        comparison = _with_engine(service, rebuild)
    except KeyboardInterrupt:
        console.print(INTERRUPTED.format(service=service), style="red")
        raise typer.Exit(130) from None
    if comparison is not None:
        _print_comparison(comparison)
    console.print(
        f"{service}: the new copy is live. Run `gelar rebuild drop-old {service}` when you no "
        "longer need the old copy."
    )


@app.command()
@servers_needed()
def abandon(service: ServiceName) -> None:
    """Stop a rebuild that was begun, and drop its copy."""
    dropped = _with_engine(service, lambda engine: engine.generations.abandon())
    console.print(f"Copy {dropped.number} is dropped." if dropped else "No rebuild is under way.")


@app.command()
@servers_needed()
def drop_old(service: ServiceName) -> None:
    """Drop the copies before the live copy."""
    numbers = _with_engine(service, lambda engine: engine.generations.drop_old())
    copies = f"{'copy' if len(numbers) == 1 else 'copies'} {', '.join(map(str, numbers))}"
    console.print(f"Dropped: {copies}." if numbers else "There is no older copy.")


def _print_comparison(comparison: Comparison) -> None:
    if not comparison.compared:
        console.print("Nothing to compare: the live copy is empty.")
    for name, compared in sorted(comparison.compared.items()):
        differing = comparison.differing[name]
        line = f"{name}: {compared:,} compared, {differing:,} differ"
        console.print(line, style="red" if differing else "")
    for name in comparison.named:
        console.print(f"  {name}", style="red")


def _with_engine(service: str, work: Callable[[Engine], Awaitable[Any]]) -> Any:
    settings = connected()

    async def result() -> Any:
        async with engine_of(service, settings) as engine:
            return await work(engine)

    try:
        return asyncio.run(result())
    except tuple(REASONS) as error:
        console.print(REASONS[type(error)].format(error=error), style="red")
        raise typer.Exit(1) from None
