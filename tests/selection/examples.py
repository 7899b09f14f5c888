"""Events of selection as its tests tell them: `mihas-2018`, two places, five candidates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.selection.domain.selection_round.proposal import SealedCandidate, SealedFacts
from services.selection.domain.selection_round.ranking import (
    Ranking,
    Standing,
    Terms,
    digest_of,
    ranked,
)
from services.selection.domain.selection_round.state import About
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateScored,
    CuratorAssigned,
    ScoreSheetSubmitted,
    Sheet,
)
from shared.contracts.selection.round import (
    CandidatesListed,
    CandidateStruck,
    PanelAppointed,
    ParticipantsDecreed,
    PlaceConfirmed,
    PlaceLost,
    PlaceOffered,
    ReservePromoted,
    RoundCancelled,
    RoundOpened,
    ScoringClosed,
    SelectionApproved,
    SelectionProposed,
    SelectionReturned,
    TieBreak,
)
from shared.contracts.words import Applicant, Province, Scope, SizeClass

EXHIBITION = "mihas-2018"
A, B, C, D, E = (f"{EXHIBITION}.{enterprise}" for enterprise in "abcde")
OFFICER, APPROVER = "selection-officer-1", "approver-1"
ANI, BUDI, CITRA, DEWI = "curator-ani", "curator-budi", "curator-citra", "curator-dewi"
SUBMITTED_AT = datetime(2018, 1, 22, 3, 0, tzinfo=UTC)
WEIGHTS = {"quality": 60, "price": 40}
TERMS = Terms(rubric="kukm-2018-1", threshold=7_000, places=2)
DIGEST_OF_NOTHING = "0" * 64


def province(code: str = "31") -> Province:
    """A province of BPS 2018."""
    return Province(system="BPS", edition="2018", code=code)


def applicant(enterprise: str = "a", **facts: bool | Province) -> Applicant:
    """An applicant for the exhibition; `facts` change what ties are broken by."""
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
    """This curator is to score candidate A."""
    return CuratorAssigned(applicant=APPLICANT, curator=curator)


def sheet(curator: str, *, quality: int = 4, price: int = 4) -> Sheet:
    """A sheet by the two criteria of `WEIGHTS`."""
    total = 60 * quality * 20 + 40 * price * 20
    return Sheet(curator=curator, levels={"quality": quality, "price": price}, total=total)


def submitted(one: Sheet) -> ScoreSheetSubmitted:
    """This sheet on candidate A is in."""
    return ScoreSheetSubmitted(applicant=APPLICANT, sheet=one)


SHEETS = (sheet(ANI), sheet(BUDI, quality=5), sheet(CITRA, price=5))
SCORING = (
    ENTERED,
    *(assigned(one.curator) for one in SHEETS),
    *(submitted(one) for one in SHEETS),
)
"""Candidate A with three sheets in: totals 8,000, 9,200 and 8,800, mean 8,667."""
SCORED = CandidateScored(applicant=APPLICANT, closing=1, scored=True, score=8_667, sheets=SHEETS)

# The round

ABOUT = About(exhibition=EXHIBITION, programme="2018", scope=Scope.OVERSEAS)
OPENED = RoundOpened(
    places=2, rubric="kukm-2018-1", threshold=7_000, sheets_min=3, offer_hours=72, **ABOUT
)
PANEL = (ANI, BUDI, CITRA)
APPOINTED = PanelAppointed(size=3, curators=PANEL, **ABOUT)
LISTED = CandidatesListed(applications=(A, B, C, D, E), **ABOUT)
CLOSED = ScoringClosed(closing=1, sheets_min=3, applications=(A, B, C, D, E), **ABOUT)
OPEN = (OPENED, APPOINTED)
CLOSED_SCORING = (*OPEN, LISTED, CLOSED)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """The score of a candidate; what breaks ties is the same for all but where it is said."""

    application: str
    score: int | None
    closing: int = 1


def sealed(*candidates: Scored) -> SealedFacts:
    """What the route has loaded: these candidates, sealed on the sheets of the panel."""
    facts = {
        one.application: SealedCandidate(
            application=one.application,
            closing=one.closing,
            score=one.score,
            curators=PANEL,
            first_timer=True,
            province=province(),
            submitted_at=SUBMITTED_AT,
        )
        for one in candidates
    }
    return SealedFacts(candidates=facts)


SCORES = {A: 8_000, B: 9_000, C: 8_500, D: 7_000, E: 6_999}
SEALED = sealed(*(Scored(application=one, score=score) for one, score in SCORES.items()))
RANKING: Ranking = ranked(
    [
        Standing(
            application=one,
            score=score,
            first_timer=True,
            province=province(),
            submitted_at=SUBMITTED_AT,
        )
        for one, score in SCORES.items()
    ],
    TERMS,
)
DIGEST = digest_of(RANKING, TERMS, 1)
PROPOSED = SelectionProposed(
    closing=1,
    digest=DIGEST,
    selected=(B, C),
    reserve=(A, D),
    below=(E,),
    scores=SCORES,
    tie_breaks=tuple(
        TieBreak(application=one, first_timer=True, province=province(), submitted_at=SUBMITTED_AT)
        for one in SCORES
    ),
    scored_by=PANEL,
    proposed_by=OFFICER,
    **ABOUT,
)
"""B and C are selected, A and D stand by, E is one hundredth of a point below the threshold."""
APPROVED = SelectionApproved(selected=(B, C), reserve=(A, D), **ABOUT)
PROPOSAL = (*CLOSED_SCORING, PROPOSED)
APPROVAL = (*PROPOSAL, APPROVED)
RETURNED = SelectionReturned(closing=1, applications=(A, B, C, D, E), reason="look again", **ABOUT)
CANCELLED = RoundCancelled(**ABOUT)


def struck(application: str) -> CandidateStruck:
    """This application has left the round."""
    return CandidateStruck(application=application, **ABOUT)


def offered(application: str) -> PlaceOffered:
    """This seat is offered for the 72 hours of the terms."""
    return PlaceOffered(
        application=application, deadline_at=datetime(2018, 2, 4, 3, 0, tzinfo=UTC), **ABOUT
    )


def confirmed(application: str) -> PlaceConfirmed:
    """This seat is confirmed."""
    return PlaceConfirmed(application=application, **ABOUT)


def lost(application: str, reason: str) -> PlaceLost:
    """This seat is lost."""
    return PlaceLost.model_validate({"application": application, "reason": reason, **ABOUT})


def promoted(application: str) -> ReservePromoted:
    """This reserve takes a freed seat."""
    return ReservePromoted(application=application, **ABOUT)


DECREED = ParticipantsDecreed(number="SK-7/2018", signed_on=date(2018, 2, 1), annex=(B,), **ABOUT)
DECREE = (*APPROVAL, offered(B), confirmed(B), DECREED, lost(C, "no-funds"))
"""B is confirmed and decreed, C never had money."""
