"""Exhibition (Pameran): from its proposal over the open call to its report, or its cancellation."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Country, Sector
from shared.contracts.documents import DocumentNumber
from shared.contracts.event import Event, Private
from shared.contracts.registration.floor_plan import PLACES_MAX, Booths
from shared.contracts.registration.quota import Quota
from shared.contracts.registration.rule_set import EligibilityRule, Standard
from shared.contracts.words import Id, Instant, PairId, Points, Scope, Text, Word, Year
from shared.contracts.zones import JAKARTA, Zone

Places = Annotated[int, Field(gt=0, le=PLACES_MAX)]
"""The number of enterprises that the ministry places at one exhibition."""


class CancellationCode(StrEnum):
    """A reason for a cancellation (ours): the public code beside the officer's private words."""

    REPLACED = "replaced"
    NO_VENUE = "no-venue"
    NO_FUNDS = "no-funds"
    TOO_FEW = "too-few"
    FORCE_MAJEURE = "force-majeure"
    OTHER = "other"


class ReschedulingCode(StrEnum):
    """A reason for other days (ours): the public code beside the officer's private words."""

    ORGANISER = "organiser"
    VENUE = "venue"
    OTHER_EVENT = "other-event"
    FORCE_MAJEURE = "force-majeure"
    OTHER = "other"


class RevokedDocuments(Word):
    """The documents of the enterprise of an application that were revoked, by id."""

    application: PairId
    documents: tuple[Id, ...]


class _Exhibition(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "exhibition"

    exhibition: Id
    programme: Year
    scope: Scope


class ExhibitionProposed(_Exhibition):
    """An exhibition is under consideration, perhaps as one of the alternatives of a slot.

    Of the alternatives that share a `slot` of the programme at most one is planned at any time.

    `zone` is the time zone of its host: its days are days there. `illustrative` marks what is not a
    real exhibition of a source (demonstration data).
    """

    name: Text
    city: Text
    country: Country
    organiser: Text
    sectors: tuple[Sector, ...] = ()
    slot: Id | None = None
    illustrative: bool = False
    zone: Zone = JAKARTA


class ExhibitionPlanned(_Exhibition):
    """The exhibition is in the calendar: venue, dates, places and booths are fixed.

    `planned_on` is the day in Jakarta, by which a policy on exhibitions overseas judges.
    """

    name: Text
    venue: Text
    starts_on: date
    ends_on: date
    places: Places
    booths: Booths | None = None
    zone: Zone = JAKARTA
    planned_on: date | None = None


class ObjectionTerms(Word):
    """The time for objections (Masa Sanggah): `days` to object after the approval of the selection.

    An approver decides on an objection within `decision_days`.
    """

    days: Annotated[int, Field(ge=1, le=30)]
    decision_days: Annotated[int, Field(ge=1, le=30)]


class CallOpened(_Exhibition):
    """The open call (Panggilan Terbuka) has begun; its terms are frozen for every applicant.

    `requirements` has the codes of the optional rules of the rule set that count for this call.
    `booths`: how many there are, and how many enterprises share one.
    `threshold` in hundredths of a point; `sheets_min` sealed score sheets a candidate needs;
    `offer_hours` an offered place may wait for its answer; `commitment_days` an accepted one may
    wait for its commitment letter (None: the call asks for no letter).
    `quotas` (Kuota) keep places for groups, or limit those of a group. `technical_approval`: a
    technical approval of the selection comes before that of the deputy. `objections` (None: there
    is no time for them) may be filed by those who are not selected.
    """

    places: Places
    opened_at: Instant
    closes_at: Instant
    starts_on: date
    ends_on: date
    rule_set: Id
    requirements: tuple[Id, ...]
    standards: tuple[Standard, ...] = ()
    quotas: tuple[Quota, ...] = ()
    rubric: Id
    threshold: Points
    sheets_min: Annotated[int, Field(ge=1, le=15)]
    offer_hours: Annotated[int, Field(ge=1, le=24 * 60)]
    booths: Booths | None = None
    zone: Zone = JAKARTA
    commitment_days: Annotated[int, Field(ge=1, le=60)] | None = None
    technical_approval: bool = False
    objections: ObjectionTerms | None = None


class CallClosed(_Exhibition):
    """The call has closed: no application can be submitted any more."""


class VerificationClosed(_Exhibition):
    """Every application is decided; `eligible` is the exact list, in order of application id."""

    eligible: tuple[str, ...]


class ExhibitionRescheduled(_Exhibition):
    """The exhibition has other days; everything that depends on them is checked again.

    `applications` are those that had not ended: the documents of each, and its offer, are checked
    against the new days by the `rules` of the rule set of the call that read documents. `revoked`
    are the documents of their enterprises that were revoked.
    """

    code: ReschedulingCode
    starts_on: date
    ends_on: date
    applications: tuple[PairId, ...] = ()
    rules: tuple[EligibilityRule, ...] = ()
    revoked: tuple[RevokedDocuments, ...] = ()
    reason: Private[str] = ""


class ExhibitionDecreed(_Exhibition):
    """The participants' decree (SK) with this number is signed."""

    decree: Text


class ExhibitionOpened(_Exhibition):
    """The exhibition runs: attendance can be recorded."""


class ExhibitionEnded(_Exhibition):
    """The exhibition is over."""


class ExhibitionReported(_Exhibition):
    """The activity report (Laporan Pelaksanaan) with this number and day was received.

    `late`: a policy on exhibitions overseas was in force at the end, and it was signed too late.
    """

    report: DocumentNumber
    signed_on: date
    late: bool = False


class ExhibitionCancelled(_Exhibition):
    """The exhibition will not take place; `replaced_by` names its replacement, if there is one.

    `applications` are those that end with it before they have a seat.
    """

    code: CancellationCode
    applications: tuple[PairId, ...] = ()
    reason: Private[str] = ""
    replaced_by: Id | None = None


ExhibitionEvent = (
    ExhibitionProposed
    | ExhibitionPlanned
    | CallOpened
    | CallClosed
    | VerificationClosed
    | ExhibitionRescheduled
    | ExhibitionDecreed
    | ExhibitionOpened
    | ExhibitionEnded
    | ExhibitionReported
    | ExhibitionCancelled
)
