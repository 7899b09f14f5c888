"""Candidate: an eligible application before the curators, with its sealed score sheets.

Scores and their curators are private: the topic has only the fact.
"""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.event import Event, Private
from shared.contracts.words import Applicant, Instant, Word

Curator = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._-]{1,128}$")]
"""A curator (Kurator), as its tokens name it; never on a topic."""


class Sheet(Word):
    """A score sheet (Lembar Penilaian): a curator's level per criterion and the total.

    `total` in hundredths: the sum of weight x level x 20.
    """

    curator: str
    levels: dict[str, int]
    total: int


class _Candidate(Event):
    service: ClassVar[str] = "selection"
    kind: ClassVar[str] = "candidate"

    applicant: Applicant


class CandidateEntered(_Candidate):
    """The application was found eligible; `submitted_at` breaks ties in the ranking."""

    submitted_at: Instant


class CuratorAssigned(_Candidate):
    """A curator (Kurator) is to score this candidate."""

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""


class ConflictDeclared(_Candidate):
    """A curator has a conflict of interest (Benturan Kepentingan): it neither sees nor scores."""

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""
    reason: Private[str] = ""


class ScoreSheetSubmitted(_Candidate):
    """A curator has submitted a score sheet."""

    private_actor: ClassVar[bool] = True

    sheet: Private[Sheet | None] = None


class ScoreSheetRetracted(_Candidate):
    """A score sheet was taken back before the seal."""

    private_actor: ClassVar[bool] = True

    curator: Private[str] = ""


class CandidateScored(_Candidate):
    """The sheets are sealed by this `closing`; `scored` is false where too few were in.

    Private: the score (integer mean of the totals, half up) and what it came from.
    """

    closing: Annotated[int, Field(ge=1)]
    scored: bool
    score: Private[int | None] = None
    sheets: Private[tuple[Sheet, ...]] = ()


class CandidateReopened(_Candidate):
    """The seal of this `closing` was broken: the selection went back to scoring."""

    closing: Annotated[int, Field(ge=1)]


class CandidateWithdrawn(_Candidate):
    """The applicant gave up."""


CandidateEvent = (
    CandidateEntered
    | CuratorAssigned
    | ConflictDeclared
    | ScoreSheetSubmitted
    | ScoreSheetRetracted
    | CandidateScored
    | CandidateReopened
    | CandidateWithdrawn
)
