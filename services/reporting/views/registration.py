"""The mirrors of registration: programmes and targets, exhibitions, enterprises.

`applications` has the mirror of the applications.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never

from shared.contracts.registration.enterprise import EnterpriseRegistered, ProfileRevised
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionCancelled,
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionEvent,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
    ExhibitionReported,
    ExhibitionRescheduled,
    VerificationClosed,
)
from shared.contracts.registration.programme import (
    ProgrammeAnnounced,
    ProgrammeEvent,
    TargetsRevised,
)
from shared.contracts.words import Scope, Target
from shared.contracts.zones import JAKARTA
from shared.kernel.view import Mirror


@dataclass(frozen=True, kw_only=True)
class TargetSet:
    """The targets that a document set together; a revision has its reason's code."""

    items: tuple[Target, ...]
    document_number: str
    signed_on: date
    code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme with its original targets (semula) and each revision in order (menjadi)."""

    title: str
    original: TargetSet
    revisions: tuple[TargetSet, ...] = ()

    @property
    def present(self) -> TargetSet:
        """The targets that are in force now."""
        return self.revisions[-1] if self.revisions else self.original


def _programme(state: Programme | None, event: ProgrammeEvent) -> Programme:
    match event:
        case ProgrammeAnnounced():
            first = TargetSet(
                items=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
            )
            return Programme(title=event.title, original=first)
        case TargetsRevised():
            assert state is not None, "targets are revised after the announcement"
            revised = TargetSet(
                items=event.targets,
                document_number=event.document_number,
                signed_on=event.signed_on,
                code=event.code,
            )
            return replace(state, revisions=(*state.revisions, revised))
        case _:
            assert_never(event)


class Phase(StrEnum):
    """The phases of an exhibition that the figures distinguish."""

    PROPOSED = "PROPOSED"
    CALLED = "CALLED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition with its name and its phase, which is stored as `held`."""

    programme: str
    scope: Scope
    name: str = ""
    held: Phase = Phase.PROPOSED
    illustrative: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    zone: str = JAKARTA


def _exhibition(state: Exhibition | None, event: ExhibitionEvent) -> Exhibition:
    state = state or Exhibition(programme=event.programme, scope=event.scope)
    match event:
        case ExhibitionProposed():
            return replace(state, name=event.name, illustrative=event.illustrative)
        case ExhibitionPlanned():
            named = replace(state, name=event.name, zone=event.zone)
            return replace(named, starts_on=event.starts_on, ends_on=event.ends_on)
        case ExhibitionRescheduled():
            return replace(state, starts_on=event.starts_on, ends_on=event.ends_on)
        case CallOpened():
            return replace(state, held=Phase.CALLED)
        case ExhibitionOpened():
            return replace(state, held=Phase.HELD)
        case ExhibitionCancelled():
            return replace(state, held=Phase.CANCELLED)
        case (
            CallClosed()
            | VerificationClosed()
            | ExhibitionDecreed()
            | ExhibitionEnded()
            | ExhibitionReported()
        ):
            return state
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """An enterprise without personal data; `sector` is that of its present profile."""

    cooperative: bool
    sector: str


def _enterprise(
    state: Enterprise | None, event: EnterpriseRegistered | ProfileRevised
) -> Enterprise:
    match event:
        case EnterpriseRegistered():
            return Enterprise(cooperative=event.cooperative, sector=event.sector)
        case ProfileRevised():
            assert state is not None, "a profile is revised after the registration"
            return replace(state, sector=event.sector)
        case _:
            assert_never(event)


programmes = Mirror(follows=ProgrammeEvent, state=Programme, evolve=_programme)
exhibitions = Mirror(
    follows=ExhibitionEvent,
    state=Exhibition,
    evolve=_exhibition,
    indexes=("programme", "scope", "held"),
)
enterprises = Mirror(
    follows=EnterpriseRegistered | ProfileRevised, state=Enterprise, evolve=_enterprise
)
