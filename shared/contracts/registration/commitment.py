"""Commitment letter (Surat Pernyataan Kesanggupan): the signed promise to take part.

The call asks for it (`CallOpened.commitment_days`). Who accepts a place delivers the letter until a
deadline, and has no confirmed place before.
"""

from datetime import date
from typing import ClassVar

from shared.contracts.event import Event, Private
from shared.contracts.registration.application_codes import CommitmentProblem
from shared.contracts.words import Applicant, Id, Instant


class _Letter(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "application"

    applicant: Applicant


class CommitmentDelivered(_Letter):
    """The applicant has delivered its signed letter, or a letter that replaces the one before.

    `document` is the letter in the document vault. The digest (SHA-256) of its file is private.
    """

    document: Id
    signed_on: date
    file: Private[str] = ""
    sha256: Private[str] = ""
    filed_by: Private[str] = ""
    delivered_by: Private[str] = ""


class CommitmentReturned(_Letter):
    """An officer has found the letter unfit: another one must be delivered until `due_at`."""

    code: CommitmentProblem
    due_at: Instant
    reason: Private[str] = ""
    returned_by: Private[str] = ""


class CommitmentExpired(_Letter):
    """The applicant did not deliver its letter in time: it gives up its place."""


CommitmentEvent = CommitmentDelivered | CommitmentReturned | CommitmentExpired
