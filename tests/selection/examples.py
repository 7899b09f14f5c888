"""Example events for the tests of selection: `mihas-2018`, two places, five candidates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.selection.domain.ranking.decider import MakeRanking, make_ranking, ranking, ranking_id
from services.selection.domain.ranking.order import Terms
from services.selection.domain.ranking.sealed import RankingFacts, SealedCandidate
from services.selection.domain.selection_round.proposal import ProposedFacts
from services.selection.domain.selection_round.state import RoundFields
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateReopened,
    CandidateScored,
    ConflictDeclared,
    CuratorAssigned,
    CuratorUnassigned,
    ModerationCode,
    ScoreSheetSubmitted,
    ScoresModerated,
    Sheet,
    UnassignmentCode,
)
from shared.contracts.selection.ranking import RankingMade
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    DeclaredConflict,
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
)
from shared.contracts.selection.round_codes import ReturnCode
from shared.contracts.selection.round_seats import (
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    RoundCancelled,
    SeatsFrozen,
)
from shared.contracts.selection.rubric import Guard
from shared.contracts.words import Applicant, Province, Scope, SizeClass
from tests.given import context
from tests.selection.choices import solved
from tests.selection.people import decided_by

EXHIBITION = "mihas-2018"
A, B, C, D, E = (f"{EXHIBITION}.{enterprise}" for enterprise in "abcde")
OFFICER, APPROVER = "selection-officer-1", "approver-1"
ANI, BUDI, CITRA, DEWI = "curator-ani", "curator-budi", "curator-citra", "curator-dewi"
SUBMITTED_AT = datetime(2018, 1, 22, 3, 0, tzinfo=UTC)
WEIGHTS = {"quality": 60, "price": 40}
TERMS = Terms(rubric="kukm-2018-1", threshold=7_000, places=2)
DIGEST_OF_NOTHING = "0" * 64


def province(code: str = "31") -> Province:
    """Return a province of BPS 2018."""
    return Province(system="BPS", edition="2018", code=code)


def applicant(enterprise: str = "a", **facts: bool | Province) -> Applicant:
    """Return an applicant for the exhibition; `facts` change the fields that break ties."""
    usual = {
        "exhibition": EXHIBITION,
        "programme": "2018",
        "scope": Scope.OVERSEAS,
        "enterprise": enterprise,
        "province": province(),
        "sector": "10",
        "size_class": SizeClass.SMALL,
        "cooperative": False,
        "first_timer": True,
    }
    return Applicant.model_validate({**usual, **facts})


APPLICANT = applicant()

# Candidate A and its sheets

ENTERED = CandidateEntered(applicant=APPLICANT, submitted_at=SUBMITTED_AT)


def assigned(curator: str) -> CuratorAssigned:
    """Return the event by which the officer assigns this curator to candidate A."""
    return CuratorAssigned(applicant=APPLICANT, curator=curator, assigned_by=OFFICER)


def unassigned(curator: str) -> CuratorUnassigned:
    """Return the event by which the officer unassigns this curator of candidate A."""
    return CuratorUnassigned(
        applicant=APPLICANT,
        code=UnassignmentCode.UNAVAILABLE,
        curator=curator,
        reason="she is ill",
        unassigned_by=OFFICER,
    )


def conflicted(curator: str) -> ConflictDeclared:
    """Return the event by which this curator declares a conflict with candidate A."""
    return ConflictDeclared(applicant=APPLICANT, curator=curator, reason="my sister's workshop")


def sheet(curator: str, *, quality: int = 4, price: int = 4) -> Sheet:
    """Return a sheet with the two criteria of `WEIGHTS`."""
    total = 60 * quality * 20 + 40 * price * 20
    return Sheet(curator=curator, levels={"quality": quality, "price": price}, total=total)


def submitted(sheet: Sheet) -> ScoreSheetSubmitted:
    """Return the event that submits this sheet of candidate A."""
    return ScoreSheetSubmitted(applicant=APPLICANT, sheet=sheet)


def moderated(sheet: Sheet) -> ScoresModerated:
    """Return the event that this sheet of candidate A counts instead of its curator's first."""
    return ScoresModerated(
        applicant=APPLICANT,
        code=ModerationCode.DISCUSSION,
        sheet=sheet,
        reason="I had missed the second sample",
    )


SHEETS = (sheet(ANI), sheet(BUDI, quality=5), sheet(CITRA, price=5))
SCORING = (
    ENTERED,
    *(assigned(sheet.curator) for sheet in SHEETS),
    *(submitted(sheet) for sheet in SHEETS),
)
"""Candidate A has three submitted sheets: totals 8,000, 9,200 and 8,800, mean 8,667."""
SCORED = CandidateScored(applicant=APPLICANT, closing=1, scored=True, score=8_667, sheets=SHEETS)

REOPENED = CandidateReopened(applicant=APPLICANT, closing=1)
RETURNED_TO_SCORING = (*SCORING, SCORED, REOPENED)
"""The first closing has opened the three sheets, and the selection was returned."""

# The round

ROUND_FIELDS = RoundFields(exhibition=EXHIBITION, programme="2018", scope=Scope.OVERSEAS)
OPENED = RoundOpened(
    places=2,
    rubric="kukm-2018-1",
    threshold=7_000,
    sheets_min=3,
    offer_hours=72,
    starts_on=date(2018, 4, 4),
    ends_on=date(2018, 4, 7),
    **ROUND_FIELDS,
)
PANEL = (ANI, BUDI, CITRA)
APPOINTED = PanelAppointed(size=3, curators=PANEL, **ROUND_FIELDS)
LISTED = CandidatesListed(applications=(A, B, C, D, E), **ROUND_FIELDS)
CLOSER = "selection-officer-2"
CLOSED = ScoringClosed(
    closing=1,
    sheets_min=3,
    guard=Guard.TOO_FEW_CANDIDATES,
    applications=(A, B, C, D, E),
    closed_by=CLOSER,
    scored_by=PANEL,
    **ROUND_FIELDS,
)
CONFLICT_OF_DEWI = DeclaredConflict(application=A, curator=DEWI)
OPEN = (OPENED, APPOINTED)
CLOSED_SCORING = (*OPEN, LISTED, CLOSED)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The score of a candidate; the fields that break ties are the same for all candidates."""

    application: str
    score: int | None
    closing: int = 1
    conflicted: tuple[str, ...] = ()


def sealed(*candidates: Scored, closing: int = 1) -> RankingFacts:
    """Return the facts that the route would load: these candidates, scored by the whole panel."""
    facts = {
        candidate.application: SealedCandidate(
            application=candidate.application,
            closing=candidate.closing,
            score=candidate.score,
            scorers=PANEL,
            conflicted=candidate.conflicted,
            first_timer=True,
            province=province(),
            submitted_at=SUBMITTED_AT,
        )
        for candidate in candidates
    }
    return RankingFacts(
        closing=closing,
        sheets_min=3,
        terms=TERMS,
        remaining=tuple(facts),
        candidates=facts,
        **ROUND_FIELDS,
    )


def made(facts: RankingFacts) -> RankingMade:
    """Return the event of the ranking on these facts, with the best choice of its candidates."""
    id = ranking_id(EXHIBITION, facts.closing, len(facts.remaining), facts.inputs)
    (event,) = make_ranking(MakeRanking(), solved(facts), None, context(subject=id))
    assert isinstance(event, RankingMade)
    return event


def proposable(facts: RankingFacts) -> ProposedFacts:
    """Return the facts of a proposal of the ranking on these facts."""
    return ProposedFacts(ranking=ranking.evolve(None, made(facts)))


SCORES = {A: 8_000, B: 9_000, C: 8_500, D: 7_000, E: 6_999}
SEALED = sealed(*(Scored(application=id, score=score) for id, score in SCORES.items()))
RANKED = made(SEALED)
"""B and C are selected, A and D are reserves, E is 0.01 points below the threshold."""
RANKING = proposable(SEALED)
DIGEST = RANKED.digest
PROPOSED = SelectionProposed(
    closing=1,
    ranking=f"{EXHIBITION}.1-5",
    digest=DIGEST,
    scored_by=PANEL,
    proposed_by=OFFICER,
    **ROUND_FIELDS,
)
APPROVED = SelectionApproved(
    approved_on=date(2018, 2, 1),
    selected=(B, C),
    reserve=(A, D),
    decided_by=decided_by(PANEL, CLOSER, OFFICER, APPROVER),
    approved_by=(APPROVER,),
    **ROUND_FIELDS,
)
PROPOSAL = (*CLOSED_SCORING, PROPOSED)
APPROVAL = (*PROPOSAL, APPROVED)
RETURNED = SelectionReturned(
    closing=1,
    applications=(A, B, C, D, E),
    code=ReturnCode.SCORES_DIVERGE,
    reason="look again",
    **ROUND_FIELDS,
)
CANCELLED = RoundCancelled(**ROUND_FIELDS)


def struck(application: str, *, from_reserve: bool = False) -> CandidateStruck:
    """Return the event that strikes this application."""
    return CandidateStruck(application=application, from_reserve=from_reserve, **ROUND_FIELDS)


LATEST_AT = datetime(2018, 4, 3, 16, 59, 59, 999_000, tzinfo=UTC)
"""The last millisecond of 3 April in Jakarta, the day before the show."""


def offered(application: str) -> PlaceOffered:
    """Return the event that offers this seat for the 72 hours of the terms."""
    return PlaceOffered(
        application=application,
        deadline_at=datetime(2018, 2, 4, 3, 0, tzinfo=UTC),
        offer_hours=72,
        latest_at=LATEST_AT,
        **ROUND_FIELDS,
    )


def confirmed(application: str) -> PlaceConfirmed:
    """Return the event that confirms this seat."""
    return PlaceConfirmed(application=application, **ROUND_FIELDS)


def lost(application: str, reason: str) -> PlaceLost:
    """Return the event that takes this seat away."""
    return PlaceLost.model_validate({"application": application, "reason": reason, **ROUND_FIELDS})


def promoted(application: str) -> ReservePromoted:
    """Return the event that gives a freed seat to this reserve."""
    return ReservePromoted(application=application, **ROUND_FIELDS)


FROZEN = SeatsFrozen(**ROUND_FIELDS)
DECREED = ParticipantsDecreed(
    number="SK-7/2018", signed_on=date(2018, 2, 1), annex=(B,), **ROUND_FIELDS
)
DECREE = (*APPROVAL, offered(B), confirmed(B), DECREED, lost(C, "no-funds"))
"""B is confirmed and decreed; C lost its seat, because it never had money."""
