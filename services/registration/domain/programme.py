"""The programme (Program, id = its fiscal year): the targets of a year, and their document.

All targets are replaced together, with a reason and a document. Each version stays readable, so a
reader always sees that a target was changed during the year. The versions are few: each has a
signed document of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, assert_never

from pydantic import Field

from services.registration.domain.signing import require_signed
from shared.contracts.documents import DocumentNumber, comparable
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    ProgrammeEvent,
    TargetsRevised,
    TargetsRevisionCode,
)
from shared.contracts.words import PublicText, Target, Text, Year
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
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class ReviseTargets:
    """Replace all targets of a programme.

    `reason` is for officers and auditors; the public learns the code.
    """

    targets: Targets
    code: TargetsRevisionCode
    reason: Text
    document_number: DocumentNumber
    signed_on: date


ProgrammeCommand = AnnounceProgramme | ReviseTargets

# State


@dataclass(frozen=True, kw_only=True)
class TargetsVersion:
    """The targets that a document has set, signed on `signed_on`.

    `code` and `words` are those of a revision; the announcement has neither.
    """

    targets: tuple[Target, ...]
    document_number: str
    signed_on: date
    code: TargetsRevisionCode | None = None
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The title of a year's programme, and every version of its targets, the present one last."""

    title: str
    versions: tuple[TargetsVersion, ...]

    @property
    def present(self) -> TargetsVersion:
        """Return the version that is in force."""
        return self.versions[-1]


# Rules


def decide(
    command: ProgrammeCommand, state: Programme | None, context: Context
) -> Sequence[ProgrammeEvent]:
    """Announce a programme once; revise its targets at any time after that."""
    match command:
        case AnnounceProgramme():
            return _announce(command, state, context)
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
            announced = TargetsVersion(
                targets=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
            )
            return Programme(title=event.title, versions=(announced,))
        case TargetsRevised():
            assert state is not None, "targets are revised after the announcement"
            revised = TargetsVersion(
                targets=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
                code=event.code,
                words=event.reason,
            )
            return replace(state, versions=(*state.versions, revised))
        case _:
            assert_never(event)


def _announce(
    command: AnnounceProgramme, state: Programme | None, context: Context
) -> Sequence[ProgrammeEvent]:
    if state is not None:
        raise Refused(
            "already-announced", "The programme of this year was announced: revise its targets."
        )
    _check_distinct(command.targets)
    _check_signed(command.signed_on, command.programme, context)
    return [
        ProgrammeAnnounced(
            programme=command.programme,
            title=command.title,
            targets=command.targets,
            document_number=command.document_number,
            signed_on=command.signed_on,
        )
    ]


def _revise(command: ReviseTargets, state: Programme, context: Context) -> Sequence[ProgrammeEvent]:
    _check_distinct(command.targets)
    used = {comparable(version.document_number) for version in state.versions}
    if comparable(command.document_number) in used:
        raise Refused(
            "document-repeated",
            f"The document {command.document_number} has set targets of this programme already: "
            "a revision has a document of its own, so check the number.",
        )
    _check_signed(command.signed_on, context.subject, context)
    if command.signed_on < state.present.signed_on:
        raise Refused(
            "signed-before-present",
            f"The present targets are by a document of {state.present.signed_on}, and this one is "
            "signed before that day: check the day.",
        )
    return [
        TargetsRevised(
            programme=context.subject,
            targets=command.targets,
            code=command.code,
            reason=command.reason,
            document_number=command.document_number,
            signed_on=command.signed_on,
        )
    ]


def _check_signed(signed_on: date, programme: str, context: Context) -> None:
    require_signed(signed_on, context)
    year = int(programme)
    if signed_on.year not in (year - 1, year):
        raise Refused(
            "outside-fiscal-year",
            f"`signed_on` is {signed_on}, but the targets are those of {year}: their "
            "document is signed in that year or in the year before.",
        )


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
    revision=2,
)
