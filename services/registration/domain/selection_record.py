"""The record of a round of selection, as its minutes and the annex of its decree state it.

The mirror of rounds folds it from what selection publishes: terms, numbers, the approved lists, the
decree with its amendments. Scores and people are not published, so they are not in it.
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
    FundsChanged,
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
)
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    ParticipantsDecreed,
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

    `remaining` is the number of candidates at the last closing of the scoring, `paid` that of the
    places that the money of then pays for (None: no money was allotted yet).
    """

    approved_on: date
    remaining: int
    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    not_passed: tuple[str, ...]
    paid: int | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def below(self) -> int:
        """Return the number of candidates in neither list that passed each gate."""
        return self.remaining - len(self.selected) - len(self.reserve) - len(self.not_passed)


@dataclass(frozen=True, kw_only=True)
class Upheld:
    """An objection that was upheld after the approval, by a signed document."""

    application: str
    number: str
    signed_on: date


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
    funds: Funds | None = None
    approval: Approval | None = None
    upheld: tuple[Upheld, ...] = ()
    decree: Decree | None = None


RecordedRoundEvent = (
    RoundOpened
    | PanelAppointed
    | FundsChanged
    | ScoringClosed
    | SelectionApproved
    | ObjectionUpheld
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
        case FundsChanged():
            return replace(record, funds=event.funds)
        case ScoringClosed():
            return replace(record, closings=event.closing, remaining=len(event.applications))
        case SelectionApproved():
            return replace(record, approval=_approval(record, event))
        case ObjectionUpheld():
            return replace(record, upheld=(*record.upheld, _upheld(event)))
        case _:
            return replace(record, decree=_decreed(record.decree, event))


def _decreed(
    decree: Decree | None, event: ParticipantsDecreed | AnnexAmended | AmendmentRecorded
) -> Decree | None:
    if isinstance(event, ParticipantsDecreed):
        return Decree(number=event.number, signed_on=event.signed_on, annex=event.annex)
    return _amended(decree, event) if decree else None


def _upheld(event: ObjectionUpheld) -> Upheld:
    return Upheld(application=event.application, number=event.number, signed_on=event.signed_on)


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
        paid=min(record.funds.places, record.terms.places if record.terms else 0)
        if record.funds
        else None,
        overrides=event.overrides,
    )


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
