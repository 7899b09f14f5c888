"""The state of an application.

The state holds everything on which verification decides, frozen at the submission. A revision or
a correction freezes it again; each later event changes only the status with its reasons. Nothing
grows but the people who acted for the applicant: `judges` reads them. `fold` folds the events.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.registration.domain.exhibition.state import Status as ExhibitionStatus
from shared.contracts.registration.application_codes import Channel, CorrectionField, Finding
from shared.contracts.registration.document import FrozenDocument, FrozenFile
from shared.contracts.registration.quota import QuotaStop
from shared.contracts.registration.rule_set import RuleCheck, Standard
from shared.contracts.relations import Relation
from shared.contracts.words import Applicant
from shared.contracts.zones import JAKARTA

# State


class Status(StrEnum):
    """The status of an application."""

    SUBMITTED = "SUBMITTED"
    NEEDS_CORRECTION = "NEEDS_CORRECTION"
    ELIGIBLE = "ELIGIBLE"
    INELIGIBLE = "INELIGIBLE"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    OFFER_EXPIRED = "OFFER_EXPIRED"
    CONFIRMED = "CONFIRMED"
    ATTENDED = "ATTENDED"
    ABSENT = "ABSENT"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
    CLOSED = "CLOSED"


class Decision(StrEnum):
    """PENDING until the application is verified or withdrawn, then MADE."""

    PENDING = "PENDING"
    MADE = "MADE"


TICK = timedelta(milliseconds=1)
"""The smallest step of the clock: an answer *at* a deadline is in time; the sweep comes after."""

NOT_RENEWED = "documents-not-renewed"
"""The reason of an application that has lapsed because its documents were not renewed."""

NOT_COMMITTED = "commitment-not-delivered"
"""The reason of an application that has lapsed because its commitment letter did not come."""

UNDECIDED = frozenset({Status.SUBMITTED, Status.NEEDS_CORRECTION})
"""The statuses in which the decision is PENDING."""


@dataclass(frozen=True, kw_only=True)
class CheckIn:
    """A day on which the participant was checked in, its booth then, the scan, and the officer."""

    day: date
    booth: str | None
    scanned_at: datetime
    checked_by: str


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """A commitment letter as it was delivered: the document, its file, the day it was signed."""

    document: str
    file: str
    sha256: str
    signed_on: date


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application (Permohonan).

    `decision` follows from `status`. It is stored too, so that one query counts all undecided
    applications: two queries, one for each status, could miss an application that changes from one
    status to the other in between. `valid_through` is the last day of the exhibition, through which
    documents must be valid, in the `zone` of its host; `files` are the files of its documents, by
    digest. `channel` has proposed the enterprise by the document `letter`, which the private
    `office` signed; `relations` are hashes of owner, board and office. `findings` are those of an
    officer about its documents, who has found no name on the `nameless_photographs` of its
    products; `checks` are those of the rules that decided it, `wanted_rules` the rules that a
    correction is to meet. `deadline_at` is the end of a correction's time or of an offer's.
    `starts_on` is the first day of an exhibition that was rescheduled; `missing` are then the rules
    whose documents end too early, which must be renewed until `renewal_due_at`.
    `moved_after_acceptance`: it accepted its place for other days, so a withdrawal costs no slot.
    `commitment` is the commitment letter that was delivered; one that is awaited must be delivered
    until `commitment_due_at`. `words` are the private words of a person beside the codes in
    `reasons`. `slot` is its slot of the cap since the acceptance, `place` its place on the reserve
    list at the decree. `after_decree`: it was withdrawn after the decree, of an exhibition that is
    not cancelled; `recorded_by` recorded or corrected its attendance last. `check_ins` are in order
    of days; `attended_by_check_in`: no officer has recorded the attendance otherwise.
    `coaching_province` is the province (ISO 3166-2) that can help its applicant, once it was
    rejected or not selected.

    People have acted for the applicant: `declared_by` registered the enterprise or revised its
    profile before it was last frozen, `filed_by` filed a document that was ever frozen here,
    `submitted_by` submitted, revised or resubmitted it, `answered_by` accepted or declined its
    offer, delivered its commitment letter or withdrew it. `judged_by` verified or rejected it,
    asked for a correction, returned its letter, or recorded its attendance.
    """

    exhibition: str
    enterprise: str
    status: Status
    decision: Decision
    applicant: Applicant
    submitted_at: datetime
    capacity: int
    documents: tuple[FrozenDocument, ...]
    files: tuple[FrozenFile, ...]
    rule_set: str
    requirements: tuple[str, ...]
    standards: tuple[Standard, ...]
    sectors: tuple[str, ...]
    valid_through: date
    zone: str = JAKARTA
    channel: Channel = Channel.ENTERPRISE
    letter: str | None = None
    office: str = ""
    relations: tuple[Relation, ...] = ()
    findings: tuple[Finding, ...] = ()
    nameless_photographs: tuple[str, ...] = ()
    checks: tuple[RuleCheck, ...] = ()
    reasons: tuple[str, ...] = ()
    words: str = ""
    corrections: tuple[CorrectionField, ...] = ()
    wanted_rules: tuple[str, ...] = ()
    deadline_at: datetime | None = None
    starts_on: date | None = None
    missing: tuple[str, ...] = ()
    renewal_due_at: datetime | None = None
    moved_after_acceptance: bool = False
    commitment: Commitment | None = None
    commitment_due_at: datetime | None = None
    slot: int | None = None
    place: int | None = None
    passed_over: QuotaStop | None = None
    after_decree: bool = False
    declared_by: tuple[str, ...] = ()
    filed_by: tuple[str, ...] = ()
    submitted_by: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    judged_by: tuple[str, ...] = ()
    recorded_by: str = ""
    check_ins: tuple[CheckIn, ...] = ()
    attended_by_check_in: bool = False
    contested: bool = False
    coaching_province: str = ""


@dataclass(frozen=True, kw_only=True)
class ExhibitionFacts:
    """The status of the exhibition and its planned last day, if it is planned."""

    exhibition: ExhibitionStatus
    last_day: date | None = None


# Rules


def with_people(people: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Return these people and the further ones, each once."""
    return tuple(dict.fromkeys((*people, *filter(None, more))))
