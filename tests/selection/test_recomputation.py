"""A published selection can be recomputed, byte for byte, by somebody who has only the history.

The selection is made by the real rules and kept as history keeps it: public text, private value.
From these texts alone the sheets are added up, the ranking is made and the digest taken again.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, TypeVar

from hypothesis import given, strategies

from services.selection.domain.candidate.decider import EnterCandidate, SealSheets, candidate
from services.selection.domain.candidate.score_sheets import SheetFacts, SubmitScoreSheet
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposeSelection,
    SealedFacts,
    sealed_candidate,
)
from services.selection.domain.selection_round.ranking import Standing, Terms, canonical, ranked
from shared.contracts.event import Event
from shared.contracts.selection.candidate import CandidateEntered, CandidateScored, CuratorAssigned
from shared.contracts.selection.round import (
    CandidatesListed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
    SelectionProposed,
)
from shared.kernel.decider import Decider
from tests.given import context
from tests.selection.examples import (
    ABOUT,
    APPROVER,
    EXHIBITION,
    OFFICER,
    OPEN,
    PANEL,
    SUBMITTED_AT,
    WEIGHTS,
    applicant,
    province,
)

E = TypeVar("E", bound=Event)
Levels = tuple[int, int]
"""A sheet's levels of quality and price."""


class History:
    """An aggregate that is decided on, and the texts that are kept of its events."""

    def __init__(self, decider: Decider[Any, Any, Any], *past: Event) -> None:
        self.decider = decider
        self.state: Any = decider.initial
        self.texts: list[tuple[type[Event], str, str | None]] = []
        self.happen(past)

    def happen(self, events: Sequence[Event]) -> None:
        """Let these happen, and keep their texts."""
        for event in events:
            self.state = self.decider.evolve(self.state, event)
            self.texts.append((type(event), event.public_json(), event.private_json()))

    def decide(self, command: object, *, facts: object = None, actor: str = OFFICER) -> None:
        """Decide a person's command."""
        self.happen(self.decider.decide(command, facts, self.state, context(actor=actor)))

    def last(self, kind: type[E]) -> E:
        """The last event of this kind, as it is read from its texts."""
        return next(
            kind.read(public, private)
            for cls, public, private in reversed(self.texts)
            if cls is kind
        )


def scored(enterprise: str, code: str, first_timer: bool, sheets: Sequence[Levels]) -> History:
    """A candidate that the panel has scored with these levels, sealed."""
    who = applicant(enterprise, first_timer=first_timer, province=province(code))
    history = History(candidate)
    history.decide(EnterCandidate(applicant=who, submitted_at=SUBMITTED_AT))
    for curator, (quality, price) in zip(PANEL, sheets, strict=True):
        history.happen([CuratorAssigned(applicant=who, curator=curator)])
        sheet = SubmitScoreSheet(levels={"quality": quality, "price": price})
        history.decide(sheet, facts=SheetFacts(weights=WEIGHTS), actor=curator)
    history.decide(SealSheets(closing=1, sheets_min=3))
    return history


def approved(candidates: dict[str, History]) -> History:
    """The round in which these candidates were proposed and approved."""
    found = [sealed_candidate(id, history.state) for id, history in candidates.items()]
    facts = SealedFacts(candidates={one.application: one for one in found if one})
    ids = tuple(candidates)
    listed = CandidatesListed(applications=ids, **ABOUT)
    closed = ScoringClosed(closing=1, sheets_min=3, applications=ids, **ABOUT)
    history = History(selection_round, *OPEN, listed, closed)
    history.decide(ProposeSelection(), facts=facts)
    digest = history.state.proposal.digest
    history.decide(ApproveSelection(digest=digest), actor=APPROVER)
    return history


def added_up(history: History) -> int:
    """A candidate's score, from the levels on its sealed sheets."""
    sheets = history.last(CandidateScored).sheets
    totals = [
        sum(WEIGHTS[code] * level * 20 for code, level in sheet.levels.items()) for sheet in sheets
    ]
    assert totals == [sheet.total for sheet in sheets]
    return int(sum(totals) / len(totals) + 0.5)


def recomputed(opened: RoundOpened, candidates: dict[str, History]) -> bytes:
    """The canonical text of the selection, from the terms and the candidates' own histories."""
    standings = []
    for id, history in candidates.items():
        entered = history.last(CandidateEntered)
        standing = Standing(
            application=id,
            score=added_up(history),
            first_timer=entered.applicant.first_timer,
            province=entered.applicant.province,
            submitted_at=entered.submitted_at,
        )
        standings.append(standing)
    terms = Terms(rubric=opened.rubric, threshold=opened.threshold, places=opened.places)
    return canonical(ranked(standings, terms), terms, 1)


levels = strategies.tuples(strategies.integers(2, 5), strategies.integers(2, 5))
candidates = strategies.dictionaries(
    strategies.sampled_from("abcdefg"),
    strategies.tuples(
        strategies.sampled_from(["31", "32"]),
        strategies.booleans(),
        strategies.lists(levels, min_size=3, max_size=3),
    ),
    min_size=1,
)


@given(candidates)
def test_a_selection_recomputes_from_history(
    drawn: dict[str, tuple[str, bool, list[Levels]]],
) -> None:
    histories = {f"{EXHIBITION}.{one}": scored(one, *drawn[one]) for one in sorted(drawn)}
    decided = approved(histories)
    proposed, published = decided.last(SelectionProposed), decided.last(SelectionApproved)
    text = recomputed(decided.last(RoundOpened), histories)
    assert sha256(text).hexdigest() == proposed.digest
    assert (published.selected, published.reserve) == (proposed.selected, proposed.reserve)


@given(candidates)
def test_the_proposal_itself_holds_all_that_its_lists_came_from(
    drawn: dict[str, tuple[str, bool, list[Levels]]],
) -> None:
    histories = {f"{EXHIBITION}.{one}": scored(one, *drawn[one]) for one in sorted(drawn)}
    decided = approved(histories)
    opened, proposed = decided.last(RoundOpened), decided.last(SelectionProposed)
    standings = [
        Standing(score=proposed.scores[one.application], **dict(one)) for one in proposed.tie_breaks
    ]
    terms = Terms(rubric=opened.rubric, threshold=opened.threshold, places=opened.places)
    ranking = ranked(standings, terms)
    lists = (ranking.selected, ranking.reserve, ranking.below)
    assert (proposed.selected, proposed.reserve, proposed.below) == tuple(
        tuple(one.application for one in some) for some in lists
    )
    assert sha256(canonical(ranking, terms, proposed.closing)).hexdigest() == proposed.digest
