"""The programme (Program, id = its fiscal year): the targets of a year, and their document.

All targets are replaced together, with a reason and a document number. History keeps the earlier
targets, so an auditor always sees that a target was changed during the year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, assert_never

from pydantic import Field

from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    ProgrammeEvent,
    TargetsRevised,
)
from shared.contracts.words import PublicText, Target, Year
from shared.kernel.decider import Context, Decider, Refused, absent

# Commands

Targets = Annotated[tuple[Target, ...], Field(min_length=1, max_length=50)]
"""At least one target; at most one for each scope and indicator."""


@dataclass(frozen=True, kw_only=True)
class AnnounceProgramme:
    """Announce the programme of a fiscal year, with its first targets."""

    programme: Year
    title: PublicText
    targets: Targets
    document_number: DocumentNumber


@dataclass(frozen=True, kw_only=True)
class ReviseTargets:
    """Replace all targets of a programme."""

    targets: Targets
    reason: PublicText
    document_number: DocumentNumber


ProgrammeCommand = AnnounceProgramme | ReviseTargets

# State


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The present targets of a year, the document that set them, and the earlier documents."""

    title: str
    targets: tuple[Target, ...]
    document_number: str
    earlier_documents: tuple[str, ...] = ()


# Rules


def decide(
    command: ProgrammeCommand, state: Programme | None, context: Context
) -> Sequence[ProgrammeEvent]:
    """Announce a programme once; revise its targets at any time after that."""
    match command:
        case AnnounceProgramme():
            return _announce(command, state)
        case ReviseTargets() if state is None:
            return absent(context, "programme")
        case ReviseTargets():
            return _revise(command, state, context)
        case _:
            assert_never(command)


def evolve(state: Programme | None, event: ProgrammeEvent) -> Programme:
    """Fold an event."""
    match event:
        case ProgrammeAnnounced():
            return Programme(
                title=event.title, targets=event.targets, document_number=event.document_number
            )
        case TargetsRevised():
            assert state is not None, "targets are revised after the announcement"
            return replace(
                state,
                targets=event.targets,
                document_number=event.document_number,
                earlier_documents=(*state.earlier_documents, state.document_number),
            )
        case _:
            assert_never(event)


def _announce(command: AnnounceProgramme, state: Programme | None) -> Sequence[ProgrammeEvent]:
    if state is not None:
        raise Refused(
            "already-announced", "The programme of this year was announced: revise its targets."
        )
    _check_distinct(command.targets)
    return [
        ProgrammeAnnounced(
            programme=command.programme,
            title=command.title,
            targets=command.targets,
            document_number=command.document_number,
        )
    ]


def _revise(command: ReviseTargets, state: Programme, context: Context) -> Sequence[ProgrammeEvent]:
    _check_distinct(command.targets)
    used = map(comparable, (state.document_number, *state.earlier_documents))
    if comparable(command.document_number) in used:
        raise Refused(
            "document-repeated",
            f"The document {command.document_number} has set targets of this programme already: "
            "a revision has a document of its own, so check the number.",
        )
    return [
        TargetsRevised(
            programme=context.subject,
            targets=command.targets,
            reason=command.reason,
            document_number=command.document_number,
        )
    ]


def _check_distinct(targets: tuple[Target, ...]) -> None:
    pairs = [(target.scope, target.indicator) for target in targets]
    if len(set(pairs)) < len(pairs):
        raise Refused(
            "duplicate-target",
            "Two targets have the same scope and indicator: give at most one for each pair.",
        )


programme = Decider(
    kind="programme",
    commands=ProgrammeCommand,
    state=Programme | None,
    events=ProgrammeEvent,
    initial=None,
    decide=decide,
    evolve=evolve,
)
