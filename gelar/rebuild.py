"""`gelar rebuild`: a service's mirrors, views and tallies, folded anew beside the live ones.

`run` builds, compares and swaps while the service runs; interrupted, it goes on where it was left.
`drop-old` removes the copies before the live one, once nobody wants to look at them; `abandon`
gives up a rebuild that was begun.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from rich.progress import Progress

from gelar.connection import connected, engine_of, servers_needed
from gelar.services import service_named
from gelar.words import terminal
from shared.operations.comparison import Comparison
from shared.operations.rebuild import CannotFold, LiveCopyTooBusy, Rebuild
from shared.run import tune_gc
from shared.service.engine import Engine
from shared.store.generations import NotBuilding, OtherVersion, TakenOver

app = typer.Typer(no_args_is_help=True, help="Fold a service's mirrors, views and tallies anew.")
console = terminal()

Name = Annotated[str, typer.Argument(metavar="SERVICE")]
WHY_NOT: dict[type[Exception], str] = {
    OtherVersion: "{error}.",
    CannotFold: (
        "The code cannot fold what the live copy has folded: {error}. Nothing was swapped, "
        "and what was built is dropped: mend the code and run it again."
    ),
    LiveCopyTooBusy: "{error} moved on at every attempt to swap: run it again when it is quieter.",
    NotBuilding: "It was abandoned meanwhile: nothing was swapped.",
    TakenOver: "Another process goes on with this rebuild: wait for its end.",
}
INTERRUPTED = (
    "Interrupted: what was built is kept, and until it is swapped or dropped nothing can be "
    "redriven or discarded. `gelar rebuild run {service}` goes on with it, "
    "`gelar rebuild abandon {service}` drops it."
)


@app.command()
@servers_needed()
def run(
    service: Name,
    *,
    compare: Annotated[
        bool, typer.Option(help="Tell what differs from the live copy before the swap.")
    ] = True,
) -> None:
    """Build a new copy, compare it with the live one, and make it live in one step."""

    async def rebuild(engine: Engine) -> Comparison | None:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(service, total=None)

            def tell(done: int, of: int) -> None:
                progress.update(task, completed=done, total=of)

            tune_gc()
            return await Rebuild(
                service=service_named(service),
                settings=engine.settings,
                database=engine.database,
                generations=engine.generations,
            ).run(tell, comparing=compare)

    try:
        found = _with_engine(service, rebuild)
    except KeyboardInterrupt:
        console.print(INTERRUPTED.format(service=service), style="red")
        raise typer.Exit(130) from None
    if found is not None:
        _show(found)
    console.print(f"{service}: the new copy is live. `gelar rebuild drop-old {service}` when sure.")


@app.command()
@servers_needed()
def abandon(service: Name) -> None:
    """Give up a rebuild that was begun, and drop what it has built."""
    dropped = _with_engine(service, lambda engine: engine.generations.abandon())
    console.print(f"Copy {dropped.number} is dropped." if dropped else "No rebuild is under way.")


@app.command()
@servers_needed()
def drop_old(service: Name) -> None:
    """Drop the copies before the live one."""
    numbers = _with_engine(service, lambda engine: engine.generations.drop_old())
    told = f"{'copy' if len(numbers) == 1 else 'copies'} {', '.join(map(str, numbers))}"
    console.print(f"Dropped: {told}." if numbers else "There is no older copy.")


def _show(found: Comparison) -> None:
    if not found.compared:
        console.print("Nothing to compare: the live copy is empty.")
    for name, compared in sorted(found.compared.items()):
        differing = found.differing[name]
        told = f"{name}: {compared:,} compared, {differing:,} differ"
        console.print(told, style="red" if differing else "")
    for name in found.named:
        console.print(f"  {name}", style="red")


def _with_engine(service: str, ask: Callable[[Engine], Awaitable[Any]]) -> Any:
    settings = connected()

    async def asked() -> Any:
        async with engine_of(service, settings) as engine:
            return await ask(engine)

    try:
        return asyncio.run(asked())
    except tuple(WHY_NOT) as error:
        console.print(WHY_NOT[type(error)].format(error=error), style="red")
        raise typer.Exit(1) from None
