"""The decree of a round with its annex and amendments, and the fold of their events.

The annex is who takes part. A place that is lost after the decree leaves the annex at once; the
document of this amendment follows.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from shared.contracts.ids import without
from shared.contracts.selection.round_seats import (
    AmendmentRecorded,
    AnnexAmended,
    ParticipantsDecreed,
)


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A signed document that amends the annex: the places that it takes away."""

    number: str
    signed_on: date
    without: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Decree:
    """The participants' decree (SK Penetapan Peserta); `annex` is without what was amended.

    `undocumented` are the places whose amendment awaits its signed document.
    """

    number: str
    signed_on: date
    annex: tuple[str, ...]
    amendments: tuple[Amendment, ...] = ()
    undocumented: tuple[str, ...] = ()


def decreed(event: ParticipantsDecreed) -> Decree:
    """Return the decree that was recorded."""
    return Decree(number=event.number, signed_on=event.signed_on, annex=event.annex)


def amended(decree: Decree, event: AnnexAmended | AmendmentRecorded) -> Decree:
    """Return the decree after an amendment of its annex, or after the amendment's document."""
    match event:
        case AnnexAmended():
            return _without(decree, event)
        case AmendmentRecorded():
            return _documented(decree, event)
        case _:
            assert_never(event)


def _without(decree: Decree, event: AnnexAmended) -> Decree:
    decree = replace(decree, annex=without(decree.annex, event.without))
    if event.document is None:
        return replace(decree, undocumented=(*decree.undocumented, event.without))
    amendment = Amendment(
        number=event.document.number,
        signed_on=event.document.signed_on,
        without=(event.without,),
    )
    return replace(decree, amendments=(*decree.amendments, amendment))


def _documented(decree: Decree, event: AmendmentRecorded) -> Decree:
    amendment = Amendment(number=event.number, signed_on=event.signed_on, without=event.without)
    documented = frozenset(event.without)
    return replace(
        decree,
        amendments=(*decree.amendments, amendment),
        undocumented=tuple(id for id in decree.undocumented if id not in documented),
    )
