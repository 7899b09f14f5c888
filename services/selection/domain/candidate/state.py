"""The state of a candidate; `fold` folds its events into it.

Curators are stored in lists and never as keys, because a token's subject may contain dots. A
candidate that was withdrawn or has ended keeps all that was recorded of it, sealed or not.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.relations import Relation, RelationKind
from shared.contracts.selection.candidate import CandidateEnd, ModerationCode, Sheet
from shared.contracts.words import Applicant

# State


class Status(StrEnum):
    """A candidate takes part (ENTERED) until its applicant withdraws or it gets no place."""

    ENTERED = "ENTERED"
    WITHDRAWN = "WITHDRAWN"
    ENDED = "ENDED"


class Progress(StrEnum):
    """The step of the scoring: curators, their sheets, the seal; OVER for who takes part no more.

    UNASSIGNED: it has no curator, or a late conflict has left it with fewer than were enough.
    AWAITS_SHEETS: the sheet of an assigned curator is missing. SHEETS_IN: none is missing.
    UNSCORED: a closing has sealed too few sheets, so there is no score until a return.
    """

    UNASSIGNED = "UNASSIGNED"
    AWAITS_SHEETS = "AWAITS_SHEETS"
    SHEETS_IN = "SHEETS_IN"
    SEALED = "SEALED"
    UNSCORED = "UNSCORED"
    OVER = "OVER"


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A curator that is to score the candidate, and the officer who assigned it."""

    curator: str
    assigned_by: str


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A conflict of interest: this curator must neither see nor score the candidate.

    `kinds` are the relations of the candidate that the curator meets: then it was inferred, and not
    declared.
    """

    curator: str
    reason: str
    kinds: tuple[RelationKind, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Moderation:
    """The sheet that a moderated sheet of the same curator has replaced, with the reason."""

    replaced: Sheet
    code: ModerationCode
    reason: str


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The closing that sealed the sheets, and the score: None if there were too few sheets.

    `not_passed` are the gates that most sheets find not met.
    """

    closing: int
    score: int | None
    not_passed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An application that curators score; `curators` are those who may see and score it.

    `sheets` are those that count. `opened` are the curators whose sheet a closing has opened: it is
    frozen. `set_aside` are sheets that count no more, because their curator was unassigned or has a
    conflict. `relations` are keyed hashes of its owner or board, of its proposer, and of itself.
    `awaited` are the curators whose sheet is missing, as long as it can come; `moderators` are
    those who may moderate their opened sheet and have not done so since a return. `submitted_at` is
    None if the applicant withdrew before the application was entered.
    """

    exhibition: str
    applicant: Applicant
    status: Status
    progress: Progress = Progress.UNASSIGNED
    submitted_at: datetime | None = None
    relations: tuple[Relation, ...] = ()
    curators: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    opened: tuple[str, ...] = ()
    moderations: tuple[Moderation, ...] = ()
    set_aside: tuple[Sheet, ...] = ()
    seal: Seal | None = None
    end: CandidateEnd | None = None

    def conflicted(self, actor: str) -> bool:
        """Return True if this actor has a conflict of interest, declared or inferred."""
        return self.conflict_of(actor) is not None

    def declared(self, actor: str) -> bool:
        """Return True if this actor has declared a conflict of interest itself."""
        conflict = self.conflict_of(actor)
        return conflict is not None and not conflict.kinds

    def conflict_of(self, actor: str) -> Conflict | None:
        """Return the conflict of interest of this actor, or None."""
        return next((each for each in self.conflicts if each.curator == actor), None)

    def closed_to(self, actor: str, enterprise: str | None) -> bool:
        """Return True if this actor, whose token speaks for `enterprise`, neither sees nor judges.

        It has a conflict of interest, or it is of the candidate's own enterprise.
        """
        return self.conflicted(actor) or enterprise == self.applicant.enterprise

    @property
    def scorers(self) -> tuple[str, ...]:
        """Return the curators that have scored it, also those whose sheet was set aside."""
        return tuple(sheet.curator for sheet in (*self.sheets, *self.set_aside))

    @property
    def spread(self) -> int:
        """Return how far the totals of its sheets lie apart, in hundredths.

        The sheet of a curator who was unassigned is among them, as long as that curator has
        declared no conflict: else who unassigns curators in turn would learn whose sheet lies
        apart.
        """
        aside = (sheet for sheet in self.set_aside if not self.conflicted(sheet.curator))
        totals = {sheet.curator: sheet.total for sheet in (*aside, *self.sheets)}.values()
        return max(totals) - min(totals) if totals else 0

    def is_wide(self, spread_max: int | None) -> bool:
        """Return True if its sheets lie further apart than this; None: they may."""
        return spread_max is not None and self.spread > spread_max

    def wanted(self, sheets_min: int, spread_max: int | None) -> int:
        """Return how many sheets it needs: one more if its sheets lie too far apart."""
        return sheets_min + self.is_wide(spread_max)

    def sheet_of(self, curator: str) -> Sheet | None:
        """Return the sheet of this curator that counts, or None."""
        return next((sheet for sheet in self.sheets if sheet.curator == curator), None)
