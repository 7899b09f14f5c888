"""Candidate: an eligible application before the curators, with its sealed score sheets.

Scores and their curators are private: the topic has only the fact.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.event import Event, Private
from shared.contracts.relations import RelationKind, Relations
from shared.contracts.words import Applicant, Instant, Word

Curator = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._-]{1,128}$")]
"""A curator (Kurator), as its tokens name it; never on a topic."""


class UnassignmentCode(StrEnum):
    """A reason to unassign a curator (ours): the public code beside the officer's private words."""

    UNAVAILABLE = "unavailable"
    SUSPECTED_CONFLICT = "suspected-conflict"
    MISTAKE = "mistake"
    OTHER = "other"


class ModerationCode(StrEnum):
    """A reason to moderate a sheet (ours): the public code beside the curator's private words."""

    DISCUSSION = "discussion"
    EVIDENCE = "evidence"
    MISTAKE = "mistake"
    OTHER = "other"


class CandidateEnd(StrEnum):
    """The reason why a candidate has no place, and takes part no more."""

    BELOW_THRESHOLD = "below-threshold"
    GATE = "gate-not-passed"
    RESERVE = "reserve-not-reached"
    CANCELLED = "exhibition-cancelled"
    NOT_DECIDED = "not-decided"
    DECLINED = "declined"
    CAP_REACHED = "cap-reached"
    EXPIRED = "expired"
    PLACE_LOST = "place-lost"
    NOT_RENEWED = "documents-not-renewed"
    NOT_COMMITTED = "commitment-not-delivered"


class Sheet(Word):
    """A score sheet (Lembar Penilaian): a curator's level per criterion and the total.

    `total` in hundredths: the sum of weight x level x 20. `gates`: if the candidate meets each.
    """

    curator: str
    levels: dict[str, int]
    total: int
    gates: dict[str, bool] = {}


class _Candidate(Event):
    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "candidate"

    applicant: Applicant


class CandidateEntered(_Candidate):
    """The application was found eligible; `submitted_at` breaks ties in the ranking.

    `relations` are the keyed hashes that came with it: by them conflicts of interest are inferred.
    """

    submitted_at: Instant
    relations: Private[Relations] = ()


class CuratorAssigned(_Candidate):
    """A curator (Kurator) is to score this candidate; the officer who assigned it is private."""

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""
    assigned_by: Private[str] = ""


class CuratorUnassigned(_Candidate):
    """A curator is not to score this candidate any more; a sheet that it submitted is set aside."""

    private_actor: ClassVar[bool] = True

    code: UnassignmentCode
    curator: Private[str] = ""
    reason: Private[str] = ""
    unassigned_by: Private[str] = ""


class ConflictDeclared(_Candidate):
    """A curator has a conflict of interest (Benturan Kepentingan): it neither sees nor scores.

    If a closing had opened its sheet, the sheet is set aside: it is kept and counts no more.
    """

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""
    reason: Private[str] = ""


class ConflictInferred(_Candidate):
    """A curator's relations meet those of the candidate: it neither sees nor scores it.

    It was not declared: `kinds` are the relations of the candidate that were met, without a name.
    An assignment ends, and a sheet that the curator has submitted is set aside: it counts no more.
    """

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""
    kinds: Private[tuple[RelationKind, ...]] = ()


class InferredConflictLifted(_Candidate):
    """The relations of a curator were corrected, before any sheet was opened: they meet no more.

    The curator may be assigned again; a sheet that was set aside stays so.
    """

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""


class ScoreSheetSubmitted(_Candidate):
    """A curator has submitted a score sheet."""

    private_actor: ClassVar[bool] = True

    sheet: Private[Sheet | None] = None


class ScoreSheetRetracted(_Candidate):
    """A score sheet was taken back before a closing opened it."""

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""


class ScoresModerated(_Candidate):
    """After a return a curator has changed its opened sheet: both are kept, this sheet counts."""

    private_actor: ClassVar[bool] = True

    code: ModerationCode
    sheet: Private[Sheet | None] = None
    reason: Private[str] = ""


class CandidateScored(_Candidate):
    """The sheets are sealed by this `closing`; `scored` is false where too few were in.

    Private: the score (integer mean of the totals, half up) and the sheets that it came from: of a
    curator that has moderated its sheet, the moderated sheet. `not_passed` are the gates that more
    than half of these sheets find not met (ours).
    """

    closing: Annotated[int, Field(ge=1)]
    scored: bool
    score: Private[int | None] = None
    sheets: Private[tuple[Sheet, ...]] = ()
    not_passed: Private[tuple[str, ...]] = ()


class CandidateReopened(_Candidate):
    """The seal of this `closing` was broken: the selection went back to scoring."""

    closing: Annotated[int, Field(ge=1)]


class CandidateWithdrawn(_Candidate):
    """The applicant gave up."""


class CandidateEnded(_Candidate):
    """The candidate takes part no more: it has no place, for the reason of this code."""

    code: CandidateEnd


CandidateEvent = (
    CandidateEntered
    | CuratorAssigned
    | CuratorUnassigned
    | ConflictDeclared
    | ConflictInferred
    | InferredConflictLifted
    | ScoreSheetSubmitted
    | ScoreSheetRetracted
    | ScoresModerated
    | CandidateScored
    | CandidateReopened
    | CandidateWithdrawn
    | CandidateEnded
)
