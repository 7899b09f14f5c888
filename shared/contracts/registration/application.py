"""Application (Permohonan): an enterprise asks for a place at one exhibition, once.

Every event repeats the applicant's frozen facts, so that a reader needs no call back. People who
acted for the applicant are private: history compares them with those who judge it.
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.codes import Sector
from shared.contracts.event import Event, Private
from shared.contracts.registration.application_codes import (
    Channel,
    ClosingResult,
    CorrectionField,
    DeclineReason,
    Finding,
    Participations,
    WithdrawalCode,
)
from shared.contracts.registration.check_in import CheckInEvent
from shared.contracts.registration.commitment import CommitmentEvent
from shared.contracts.registration.document import FrozenDocument, FrozenFile
from shared.contracts.registration.quota import QuotaStop
from shared.contracts.registration.rule_set import RuleCheck, Standard
from shared.contracts.relations import Relations
from shared.contracts.words import Applicant, Id, Instant, Text
from shared.contracts.zones import JAKARTA, Zone


class _Application(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "application"

    applicant: Applicant


class _Freezing(_Application):
    """The facts that a submission, a revision or a correction freezes; capacity a month, or 0.

    `channel` has proposed the enterprise, by the frozen document `letter`; `office` has signed it.
    `relations` are keyed hashes of its owner or board, itself and that office. `declared_by`
    registered the enterprise or revised its profile, `filed_by` filed these documents; `files` are
    their files, by digest.
    """

    capacity: Annotated[int, Field(ge=0, le=10**9)]
    documents: tuple[FrozenDocument, ...] = ()
    channel: Channel = Channel.ENTERPRISE
    letter: Id | None = None
    office: Private[str] = ""
    relations: Private[Relations] = ()
    declared_by: Private[tuple[str, ...]] = ()
    files: Private[tuple[FrozenFile, ...]] = ()
    filed_by: Private[tuple[str, ...]] = ()


class ApplicationSubmitted(_Freezing):
    """An application was submitted.

    The terms of the call are frozen too: its `rule_set`, `requirements` and `standards`, the
    `sectors` it is for (none: all), the day through which documents must be valid, and the time
    `zone` of the exhibition's host. `source` is the row of an import that it came from, or empty.
    """

    submitted_at: Instant
    rule_set: Id
    requirements: tuple[Id, ...] = ()
    standards: tuple[Standard, ...] = ()
    sectors: tuple[Sector, ...] = ()
    valid_through: date = date.max
    zone: Zone = JAKARTA
    submitted_by: Private[str] = ""
    source: Private[str] = ""


class ApplicationRevised(_Freezing):
    """The applicant has changed it while the call was open: everything is frozen again.

    The terms of the call stay, and so does the time of the first submission.
    """

    revised_by: Private[str] = ""


class CorrectionRequested(_Application):
    """The applicant must correct these fields until `deadline_at` (Permintaan Perbaikan).

    `rules` has the codes of the rules for which something is missing.
    """

    fields: tuple[CorrectionField, ...]
    rules: tuple[Id, ...] = ()
    deadline_at: Instant
    reason: Private[str] = ""
    requested_by: Private[str] = ""


class ApplicationResubmitted(_Freezing):
    """The applicant has corrected it: capacity and documents as they are now.

    The applicant's facts are frozen again only if the request named the profile.
    """

    resubmitted_by: Private[str] = ""


class FindingsRecorded(_Application):
    """An officer has found this of documents, and no name on these photographs of products."""

    findings: Private[tuple[Finding, ...]] = ()
    nameless_photographs: Private[tuple[Id, ...]] = ()
    reason: Private[str] = ""
    recorded_by: Private[str] = ""


class ApplicationVerified(_Application):
    """Every hard requirement is met, by this rule set; the place itself is for selection.

    `checks` has the check of each rule, with the value that decided. `valid_through` is the last
    day of the exhibition, through which its documents are valid. `relations` are keyed hashes of
    owner, board and office: they show conflicts of interest without a name.
    """

    rule_set: Id
    checks: tuple[RuleCheck, ...] = ()
    relations: Relations = ()
    submitted_at: Instant
    participations: Participations = 0
    valid_through: date
    verified_by: Private[str] = ""


class ApplicationRejected(_Application):
    """Hard requirements are not met: `reasons` has the code of each rule, `checks` its check.

    `correction-not-delivered`: the applicant did not answer the request in time.
    """

    rule_set: Id
    checks: tuple[RuleCheck, ...] = ()
    reasons: tuple[Text, ...]
    participations: Participations = 0
    rejected_by: Private[str] = ""


class ApplicationWithdrawn(_Application):
    """The applicant gave up (Pengunduran Diri); final for this exhibition.

    `after_decree`: the decree named the applicant, so it has taken its place of the cap, unless
    the exhibition is cancelled (`SlotReturned`).
    """

    code: WithdrawalCode
    after_decree: bool = False
    reason: Private[str] = ""
    withdrawn_by: Private[str] = ""


class ApplicationRescheduled(_Application):
    """Its exhibition has other days, and its documents are checked against the new last day.

    `deadline_at` is the deadline of its open correction or offer, as it is now: an offer is
    answered before the new first day. `missing` has the codes of the rules of its rule set that its
    documents do not meet any more; they must be renewed until `renewal_due_at`. `commitment_due_at`
    is the deadline of the commitment letter that it still owes, before the new first day too.
    """

    starts_on: date
    valid_through: date
    deadline_at: Instant | None = None
    missing: tuple[Text, ...] = ()
    renewal_due_at: Instant | None = None
    commitment_due_at: Instant | None = None


class DocumentsRenewed(_Application):
    """The applicant has renewed its documents: they cover the new last day of the exhibition."""

    documents: tuple[FrozenDocument, ...]
    renewed_by: Private[str] = ""
    declared_by: Private[tuple[str, ...]] = ()
    files: Private[tuple[FrozenFile, ...]] = ()
    filed_by: Private[tuple[str, ...]] = ()


class RenewalExpired(_Application):
    """Its documents end too early, and it did not renew them in time: it gives up its place."""


class OfferReceived(_Application):
    """A place waits for the applicant's answer until `deadline_at`."""

    deadline_at: Instant


class PlaceAccepted(_Application):
    """The applicant takes the place, as this one of its slots of the cap, counted from 1.

    An enterprise has the slots of the cap for each programme and scope. If the call asks for a
    commitment letter, it must be delivered until `commitment_due_at`, and confirms the place.
    """

    slot: Annotated[int, Field(ge=1, le=100)]
    commitment_due_at: Instant | None = None
    accepted_by: Private[str] = ""


class PlaceDeclined(_Application):
    """The applicant does not take the place, or may not, because it has used up the cap."""

    reason: DeclineReason = DeclineReason.DECLINED
    declined_by: Private[str] = ""


class OfferExpired(_Application):
    """No answer came in time."""


class ParticipationConfirmed(_Application):
    """The round has confirmed the accepted place."""


class ApplicationLapsed(_Application):
    """The place was lost on the round's side."""

    reason: Text


class ParticipantAttended(_Application):
    """The participant was there: its code was scanned (`checked_in`), or an officer says so."""

    checked_in: bool = False
    recorded_by: Private[str] = ""


class ParticipantAbsent(_Application):
    """The participant did not come (Tidak Hadir)."""

    recorded_by: Private[str] = ""


class AttendanceCorrected(_Application):
    """Another officer has corrected it; `contested`: the place had been lost, and its money."""

    present: bool
    contested: bool = False
    reason: Private[str] = ""
    corrected_by: Private[str] = ""


class AttendanceContested(_Application):
    """The attendance was recorded although the place had been lost; auditors see it."""

    reason: Text


class ApplicationClosed(_Application):
    """The application ends: a reserve at its `place` (from 1), `passed_over` by a quota perhaps."""

    result: ClosingResult
    place: int | None = None
    passed_over: QuotaStop | None = None


class SlotReturned(_Application):
    """A withdrawal after the decree takes no place of the cap: the exhibition is cancelled."""


ApplicationEvent = (
    ApplicationSubmitted
    | ApplicationRevised
    | FindingsRecorded
    | CorrectionRequested
    | ApplicationResubmitted
    | ApplicationVerified
    | ApplicationRejected
    | ApplicationWithdrawn
    | ApplicationRescheduled
    | DocumentsRenewed
    | RenewalExpired
    | OfferReceived
    | PlaceAccepted
    | PlaceDeclined
    | OfferExpired
    | CommitmentEvent
    | ParticipationConfirmed
    | ApplicationLapsed
    | ParticipantAttended
    | ParticipantAbsent
    | AttendanceCorrected
    | AttendanceContested
    | ApplicationClosed
    | SlotReturned
    | CheckInEvent
)
