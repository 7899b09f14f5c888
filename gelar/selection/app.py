"""`gelar selection`: export the history of a run, and replay it on any machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gelar.connection import servers_needed, with_engine
from gelar.lazy import plain_group
from gelar.selection.history_file import Broken, read, write, written
from gelar.selection.replay import NoReplay, replay, subjects_of
from gelar.words import plain, terminal
from shared.contracts.selection.ranking import RankingMade
from shared.kernel.recorded import Recorded
from shared.service.engine import Engine
from shared.store.history import History

app = plain_group("Export the history of a selection's run, and replay it without any server.")
console = terminal()

Run = Annotated[
    str, typer.Argument(metavar="RUN", help="The ranking: EXHIBITION.CLOSING-CANDIDATES.")
]


@app.command("export")
@servers_needed()
def export_run(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, a new one.")],
) -> None:
    """Write the history that a run was made from, private parts included: keep it confidential."""
    if file.exists():
        _end(f"{file} is there already: name a new file.")
    if not file.parent.is_dir():
        _end(f"There is no folder {file.parent}: make it, or name a file in another one.")
    events = with_engine("selection", lambda engine: history_of(engine, run))
    if not events:
        _end(f"There is no ranking {run}: GET /rounds/EXHIBITION/proposal names it.")
    lines = list(written(run, events))
    write(file, lines)
    console.print(plain(f"{len(events):,} events in {file}, digest {read_digest(lines)}."))


@app.command("replay")
def replay_run(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `export` has written.")],
) -> None:
    """Make the ranking of a run again from its history alone, and compare every byte.

    It needs no server. Exit 1 means that the file was changed, or that something else comes out.
    """
    try:
        history = read(file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        _end(f"{file} cannot be read: {error}.")
    except Broken as broken:
        _differs(f"{file} was changed: {broken}.")
    if history.run != run:
        _end(f"{file} is the history of {history.run}: name that run, or another file.")
    try:
        with _no_output_of_the_solver():
            found = replay(history)
    except NoReplay as error:
        _differs(f"{run} cannot be made again: {error}.")
    if found.differences:
        _differs(f"{run} comes out otherwise: " + "; ".join(found.differences[:20]))
    console.print(
        plain(
            f"{run}: {found.candidates:,} candidates, made again byte for byte from "
            f"{len(history.lines):,} events; digest of the selection {found.digest}, of the "
            f"history {history.digest}."
        )
    )


@contextmanager
def _no_output_of_the_solver() -> Iterator[None]:
    """Let what the solver prints by itself go nowhere."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


async def history_of(engine: Engine, run: str) -> list[Recorded]:
    """Return the events that a run was made from; none if there is no such run."""
    history = History(engine.database)
    made = await history.of_subject("ranking", run)
    if not made:
        return []
    event = RankingMade.read(made[0].data, made[0].private)
    subjects = subjects_of(run, event.order, event.rubric)
    return [
        recorded
        for kind, subject in subjects
        for recorded in await history.of_subject(kind, subject)
    ]


def read_digest(lines: list[str]) -> str:
    """Return the digest of the whole file that these lines make."""
    return read("\n".join(lines)).digest


def _differs(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _end(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
