"""The import: an officer asks for it, cancels it, and its job finishes it.

Its id derives from the bytes of the file: the same file is the same import. While that runs, to ask
again changes nothing; after that its rows without a final outcome are taken up again. The rows are
documents of the job (`shared.kernel.jobs`), and each acts as the officer who asked last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.registration.imports import (
    ImportCancellationCode,
    ImportCancelled,
    ImportEvent,
    ImportFinished,
    ImportRequested,
    RowCount,
    RowWord,
)
from shared.kernel.decider import Context, Decider, Refused, absent
from shared.kernel.jobs import FAILED, RUNNING

# Commands


@dataclass(frozen=True, kw_only=True)
class RequestImport:
    """Import the rows of a file, or take up those that are not done."""

    rows: Annotated[int, Field(ge=1, le=10_000)]


@dataclass(frozen=True, kw_only=True)
class CancelImport:
    """Leave the rows that are not done; those that are done stay."""

    code: ImportCancellationCode


@dataclass(frozen=True, kw_only=True)
class FinishImport:
    """Finish this run of the import with the number of rows by outcome."""

    run: int
    outcomes: dict[str, RowCount]


ImportCommand = RequestImport | CancelImport | FinishImport

# State


class ImportStatus(StrEnum):
    """The phases of an import."""

    RUNNING = RUNNING
    CANCELLED = "CANCELLED"
    FINISHED = "FINISHED"


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import: the number of its rows, how often it was asked for, and by whom the last time."""

    status: ImportStatus
    rows: int
    run: int
    requested_by: str = field(repr=False)
    alias: str


# Rules


def decide(command: ImportCommand, state: Import | None, context: Context) -> Sequence[ImportEvent]:
    """Request, cancel or finish an import."""
    match command:
        case RequestImport():
            return _request(command, state, context)
        case _ if state is None:
            return absent(context, "import")
        case CancelImport():
            return _cancel(command, state, context)
        case FinishImport():
            return _finish(command, state)
        case _:
            assert_never(command)


def _request(
    command: RequestImport, state: Import | None, context: Context
) -> Sequence[ImportEvent]:
    if state is not None and state.status is ImportStatus.RUNNING:
        return []
    return [ImportRequested(rows=command.rows, requested_by=context.actor, alias=context.alias)]


def _cancel(command: CancelImport, state: Import, context: Context) -> Sequence[ImportEvent]:
    if state.status is ImportStatus.CANCELLED:
        return []
    if state.status is ImportStatus.FINISHED:
        raise Refused(
            "import-finished",
            "Every row of this import has its outcome, so there is nothing to cancel: correct what "
            "it has registered by the commands of the enterprise.",
        )
    return [ImportCancelled(code=command.code, cancelled_by=context.actor)]


def _finish(command: FinishImport, state: Import) -> Sequence[ImportEvent]:
    """Finish the run; a worker that stood still may say so of an earlier one."""
    if state.status is not ImportStatus.RUNNING or command.run != state.run:
        return []
    outcomes = command.outcomes
    return [
        ImportFinished(
            registered=outcomes.get(RowWord.REGISTERED, 0),
            recognised=outcomes.get(RowWord.RECOGNISED, 0),
            refused=outcomes.get(RowWord.REFUSED, 0),
            malformed=outcomes.get(RowWord.MALFORMED, 0),
            failed=outcomes.get(FAILED, 0),
        )
    ]


def evolve(state: Import | None, event: ImportEvent) -> Import:
    """Fold an event."""
    match event:
        case ImportRequested():
            return Import(
                status=ImportStatus.RUNNING,
                rows=event.rows,
                run=state.run + 1 if state else 1,
                requested_by=event.requested_by,
                alias=event.alias,
            )
        case _ if state is None:
            raise ValueError(f"the first event of an import was {type(event).__name__}")
        case ImportCancelled():
            return replace(state, status=ImportStatus.CANCELLED)
        case ImportFinished():
            return replace(state, status=ImportStatus.FINISHED)
        case _:
            assert_never(event)


imports = Decider(
    kind="import",
    commands=ImportCommand,
    state=Import | None,
    events=ImportEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
    indexes=("status",),
)
