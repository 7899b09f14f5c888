"""A reader who has only the history can recompute a published selection, byte for byte.

The real rules make the selection, and its events are stored as history stores them: a public text
and a private text. From these texts alone the test adds up the sheets, ranks the candidates and
computes the digest again.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeVar

from hypothesis import given, strategies

from services.selection.domain.candidate.decider import (
    EnterCandidate,
    SealSheets,
    UnsealSheets,
    candidate,
)
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking
from services.selection.domain.ranking.order import METHOD, Standing, Terms, canonical
from services.selection.domain.ranking.sealed import RankingFacts, sealed_candidate
from services.selection.domain.ranking.state import Ranking
from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposedFacts,
    ProposeSelection,
    approve_selection,
    propose_selection,
)
from shared.contracts.event import Event
from shared.contracts.registration.quota import Quota
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateScored,
    CuratorAssigned,
    ModerationCode,
    ScoreSheetSubmitted,
)
from shared.contracts.selection.ranking import RankingMade
from shared.contracts.selection.round import (
    CandidatesListed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
    SelectionProposed,
)
from shared.kernel.decider import Decider, decide_command
from tests.given import context
from tests.rubrics import rubric_of
from tests.selection.choices import ranked, solved
from tests.selection.examples import (
    APPOINTED,
    APPROVER,
    EXHIBITION,
    OFFICER,
    OPENED,
    PANEL,
    ROUND_FIELDS,
    SUBMITTED_AT,
    TERMS,
    WEIGHTS,
    applicant,
    province,
)

E = TypeVar("E", bound=Event)
Levels = tuple[int, int]
"""A sheet's levels of quality and price."""


class History:
    """An aggregate and the stored texts of its events."""

    def __init__(self, decider: Decider[Any, Any, Any], *past: Event) -> None:
        self.decider = decider
        self.state: Any = decider.initial
        self.texts: list[tuple[type[Event], str, str | None]] = []
        self.apply(past)

    def apply(self, events: Sequence[Event]) -> None:
        """Fold these events and store their texts."""
        for event in events:
            self.state = self.decider.evolve(self.state, event)
            self.texts.append((type(event), event.public_json(), event.private_json()))

    def decide(
        self,
        command: object,
        *,
        rule: Any = None,
        facts: object = None,
        actor: str = OFFICER,
        subject: str = "",
    ) -> None:
        """Decide a person's command, with `rule` and `facts` if it needs facts."""
        by = context(actor=actor, subject=subject)
        events = decide_command(self.decider, command, self.state, by, rule=rule, facts=facts)
        self.apply(events)

    def last(self, kind: type[E]) -> E:
        """Return the last event of this kind, read from its texts."""
        return next(
            kind.read(public, private)
            for cls, public, private in reversed(self.texts)
            if cls is kind
        )

    def all(self, kind: type[E]) -> list[E]:
        """Return the events of this kind, read from their texts."""
        return [kind.read(public, private) for cls, public, private in self.texts if cls is kind]


def scored(enterprise: str, code: str, first_timer: bool, sheets: Sequence[Levels]) -> History:
    """Return a sealed candidate that the panel has scored with these levels."""
    entrant = applicant(enterprise, first_timer=first_timer, province=province(code))
    history = History(candidate)
    history.decide(EnterCandidate(applicant=entrant, submitted_at=SUBMITTED_AT))
    for curator, (quality, price) in zip(PANEL, sheets, strict=True):
        history.apply([CuratorAssigned(applicant=entrant, curator=curator)])
        sheet = SubmitScoreSheet(levels={"quality": quality, "price": price})
        facts = SheetFacts(rubric=rubric_of(WEIGHTS))
        history.decide(sheet, rule=submit_score_sheet, facts=facts, actor=curator)
    history.decide(SealSheets(closing=1, sheets_min=3))
    return history


def moderated(history: History, levels: Levels) -> History:
    """Return the candidate after a return, its first curator's moderation, and another closing."""
    quality, price = levels
    history.decide(UnsealSheets(closing=1))
    command = ModerateScores(
        levels={"quality": quality, "price": price},
        code=ModerationCode.DISCUSSION,
        reason="discussed",
    )
    facts = SheetFacts(rubric=rubric_of(WEIGHTS))
    history.decide(command, rule=moderate_scores, facts=facts, actor=PANEL[0])
    history.decide(SealSheets(closing=2, sheets_min=3))
    return history


def approved(
    candidates: dict[str, History], closing: int = 1, quotas: tuple[Quota, ...] = ()
) -> tuple[History, History]:
    """Return the ranking of these candidates on this closing, and the round that approved it."""
    sealed = [sealed_candidate(id, history.state, quotas) for id, history in candidates.items()]
    ids = tuple(candidates)
    facts = RankingFacts(
        closing=closing,
        sheets_min=3,
        terms=replace(TERMS, quotas=quotas),
        remaining=ids,
        candidates={entry.application: entry for entry in sealed if entry},
        **ROUND_FIELDS,
    )
    made = History(ranking)
    made.decide(
        MakeRanking(),
        rule=make_ranking,
        facts=solved(facts),
        subject=f"{EXHIBITION}.{closing}-{len(ids)}",
    )
    listed = CandidatesListed(applications=ids, **ROUND_FIELDS)
    closed = ScoringClosed(closing=closing, sheets_min=3, applications=ids, **ROUND_FIELDS)
    opened = OPENED.model_copy(update={"quotas": quotas})
    history = History(selection_round, opened, APPOINTED, listed, closed)
    proposed = ProposedFacts(ranking=made.state)
    history.decide(ProposeSelection(), rule=propose_selection, facts=proposed)
    approve = ApproveSelection(digest=history.state.proposal.digest)
    history.decide(approve, rule=approve_selection, facts=proposed, actor=APPROVER)
    return made, history


def added_up(history: History) -> int:
    """Return a candidate's score from the levels on its sealed sheets."""
    sheets = history.last(CandidateScored).sheets
    totals = [
        sum(WEIGHTS[code] * level * 20 for code, level in sheet.levels.items()) for sheet in sheets
    ]
    assert totals == [sheet.total for sheet in sheets]
    return int(sum(totals) / len(totals) + 0.5)


def recomputed(opened: RoundOpened, candidates: dict[str, History], closing: int = 1) -> bytes:
    """Return the canonical text, from the terms and the candidates' own histories."""
    standings = []
    for id, history in candidates.items():
        entered = history.last(CandidateEntered)
        standing = Standing(
            application=id,
            score=added_up(history),
            raw=added_up(history),
            first_timer=entered.applicant.first_timer,
            province=entered.applicant.province,
            submitted_at=entered.submitted_at,
            counts_for=codes_of(opened.quotas, entered.applicant),
        )
        standings.append(standing)
    terms = Terms(
        rubric=opened.rubric,
        threshold=opened.threshold,
        places=opened.places,
        quotas=opened.quotas,
    )
    return canonical(ranked(standings, terms), terms, closing)


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
    histories = {f"{EXHIBITION}.{name}": scored(name, *drawn[name]) for name in sorted(drawn)}
    ranked_once, decided = approved(histories)
    proposed, published = decided.last(SelectionProposed), decided.last(SelectionApproved)
    text = recomputed(decided.last(RoundOpened), histories)
    assert sha256(text).hexdigest() == proposed.digest == ranked_once.last(RankingMade).digest
    lists = json.loads(text)
    assert published.selected == tuple(id for id, _ in lists["selected"])
    assert published.reserve == tuple(id for id, _ in lists["reserve"])


@given(candidates, levels)
def test_a_moderated_selection_recomputes_from_its_sealed_sheets(
    drawn: dict[str, tuple[str, bool, list[Levels]]], levels: Levels
) -> None:
    first = {f"{EXHIBITION}.{name}": scored(name, *drawn[name]) for name in sorted(drawn)}
    histories = {id: moderated(history, levels) for id, history in first.items()}
    _, decided = approved(histories, closing=2)
    text = recomputed(decided.last(RoundOpened), histories, closing=2)
    assert sha256(text).hexdigest() == decided.last(SelectionProposed).digest
    for history in histories.values():
        # The first sheets are still there, and the moderated sheet counts.
        assert len(history.all(ScoreSheetSubmitted)) == len(PANEL)
        counted = history.last(CandidateScored).sheets
        assert tuple(counted[0].levels.values()) == levels


@given(candidates)
def test_a_ranking_holds_its_method_terms_and_lists(
    drawn: dict[str, tuple[str, bool, list[Levels]]],
) -> None:
    histories = {f"{EXHIBITION}.{name}": scored(name, *drawn[name]) for name in sorted(drawn)}
    made, _ = approved(histories)
    state: Ranking = made.state
    assert state == ranking.evolve(None, made.last(RankingMade))
    assert (state.method, replace(state.terms, guard=None)) == (METHOD, TERMS)
    lists = {"selected": state.selected, "reserve": state.reserve, "below": state.below}
    scores = state.score_of()
    shown = {name: [[id, scores[id]] for id in ids] for name, ids in lists.items()}
    terms = {name: getattr(state.terms, name) for name in ("rubric", "threshold", "places")}
    raw = [[id, score] for id, score in sorted(state.raw_of().items())]
    names = ("not_passed", "overrides", "passed_over", "quotas", "shortfalls")
    empty: dict[str, object] = {name: [] for name in names}
    content = {**shown, "closing": state.closing, **terms, **empty, "funds": None}
    content |= {"method": METHOD, "raw": raw}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert sha256(text.encode("ascii")).hexdigest() == state.digest
