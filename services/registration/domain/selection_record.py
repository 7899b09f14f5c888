"""The record of a round of selection, as its minutes and the annex of its decree state it.

The mirror of rounds folds it from what selection publishes: terms, numbers, the approved lists with
money and overrides, what objections have changed since, the decree with its amendments. Scores and
people are not published, so they are not in it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.contracts.ids import without
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.approval import Override
from shared.contracts.selection.choice import Funds
from shared.contracts.selection.objection import ObjectionUpheld
from shared.contracts.selection.round import (
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
)
from shared.contracts.selection.round_codes import ObjectionGround
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    ParticipantsDecreed,
    PlaceLost,
    ReservePromoted,
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of the call on which the round was opened; `threshold` in hundredths of a point."""

    rubric: str
    threshold: int
    places: int
    sheets_min: int
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """The lists as they were approved, by application, in order of rank.

    `remaining` is the number of candidates at the last closing of the scoring. `funds` is the money
    that the selection relies on, None if none was allotted, and `overrides` are those of an
    authority.
    """

    approved_on: date
    remaining: int
    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    not_passed: tuple[str, ...]
    funds: Funds | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def below(self) -> int:
        """Return the number of candidates in neither list that passed each gate."""
        return self.remaining - len(self.selected) - len(self.reserve) - len(self.not_passed)


@dataclass(frozen=True, kw_only=True)
class UpheldObjection:
    """An objection that was upheld after the approval, by the document with this number.

    Its applicant has got a place since (`placed`), perhaps that of another (`instead_of`), who is
    the first reserve then.
    """

    application: str
    ground: ObjectionGround
    number: str
    signed_on: date
    placed: bool = False
    instead_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A signed document that has taken these places off the annex."""

    number: str
    signed_on: date
    without: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Decree:
    """The participants' decree; `annex` is without what was amended.

    `undocumented` are the places whose amendment awaits its signed document.
    """

    number: str
    signed_on: date
    annex: tuple[str, ...]
    amendments: tuple[Amendment, ...] = ()
    undocumented: tuple[str, ...] = ()

    @property
    def last_number(self) -> str:
        """Return the number of the document that states the annex as it is now."""
        return self.amendments[-1].number if self.amendments else self.number


@dataclass(frozen=True, kw_only=True)
class SelectionRecord:
    """The record of a round, as far as it has come."""

    terms: Terms | None = None
    panel_size: int = 0
    closings: int = 0
    remaining: int = 0
    approval: Approval | None = None
    upheld: tuple[UpheldObjection, ...] = ()
    decree: Decree | None = None


RecordedRoundEvent = (
    RoundOpened
    | PanelAppointed
    | ScoringClosed
    | SelectionApproved
    | ObjectionUpheld
    | PlaceLost
    | ReservePromoted
    | ParticipantsDecreed
    | AnnexAmended
    | AmendmentRecorded
)


def recorded(record: SelectionRecord, event: RecordedRoundEvent) -> SelectionRecord:
    """Return the record after an event of its round."""
    match event:
        case RoundOpened():
            return replace(record, terms=_terms(event))
        case PanelAppointed():
            return replace(record, panel_size=event.size)
        case ScoringClosed():
            return replace(record, closings=event.closing, remaining=len(event.applications))
        case SelectionApproved():
            return replace(record, approval=_approval(record, event))
        case ObjectionUpheld() | PlaceLost() | ReservePromoted():
            return replace(record, upheld=_upheld(record.upheld, event))
        case ParticipantsDecreed():
            decree = Decree(number=event.number, signed_on=event.signed_on, annex=event.annex)
            return replace(record, decree=decree)
        case AnnexAmended() | AmendmentRecorded():
            decreed = record.decree
            return replace(record, decree=_amended(decreed, event) if decreed else None)
        case _:
            assert_never(event)


def struck(record: SelectionRecord) -> SelectionRecord:
    """Return the record after a candidate has left a round that is not approved yet."""
    if record.approval is not None or not record.remaining:
        return record
    return replace(record, remaining=record.remaining - 1)


def _terms(event: RoundOpened) -> Terms:
    return Terms(
        rubric=event.rubric,
        threshold=event.threshold,
        places=event.places,
        sheets_min=event.sheets_min,
        quotas=event.quotas,
    )


def _approval(record: SelectionRecord, event: SelectionApproved) -> Approval:
    in_lists = len(event.selected) + len(event.reserve) + len(event.not_passed)
    return Approval(
        approved_on=event.approved_on,
        remaining=max(record.remaining, in_lists),
        selected=event.selected,
        reserve=event.reserve,
        not_passed=event.not_passed,
        funds=event.funds,
        overrides=event.overrides,
    )


def _upheld(
    upheld: tuple[UpheldObjection, ...], event: ObjectionUpheld | PlaceLost | ReservePromoted
) -> tuple[UpheldObjection, ...]:
    match event:
        case ObjectionUpheld():
            new = UpheldObjection(
                application=event.application,
                ground=event.ground,
                number=event.number,
                signed_on=event.signed_on,
            )
            return (*upheld, new)
        case PlaceLost():
            if event.reason != "objection-upheld" or not upheld:
                return upheld
            # The round loses this seat to the objection that it has upheld in the same write.
            *earlier, last = upheld
            return (*earlier, replace(last, instead_of=event.application))
        case ReservePromoted():
            return tuple(
                replace(each, placed=True) if each.application == event.application else each
                for each in upheld
            )
        case _:
            assert_never(event)


def _amended(decree: Decree, event: AnnexAmended | AmendmentRecorded) -> Decree:
    match event:
        case AnnexAmended():
            decree = replace(decree, annex=without(decree.annex, event.without))
            if event.document is None:
                return replace(decree, undocumented=(*decree.undocumented, event.without))
            number, signed_on = event.document.number, event.document.signed_on
            taken: tuple[str, ...] = (event.without,)
        case AmendmentRecorded():
            number, signed_on, taken = event.number, event.signed_on, event.without
            waiting = tuple(each for each in decree.undocumented if each not in taken)
            decree = replace(decree, undocumented=waiting)
        case _:
            assert_never(event)
    amendment = Amendment(number=number, signed_on=signed_on, without=taken)
    return replace(decree, amendments=(*decree.amendments, amendment))
