"""The acts that an interest forbids: to close the scoring, to decree and to amend.

Dewi has declared a conflict of interest with candidate A; the enterprises `a` to `e` are listed.
"""

from dataclasses import replace
from typing import Any

from services.selection.domain.selection_round.decider import selection_round
from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
    annex_digest,
)
from services.selection.domain.selection_round.scoring_phase import (
    CandidateSheets,
    CloseScoring,
    ScoringFacts,
    close_scoring,
)
from shared.contracts.calendar import jakarta_date
from shared.contracts.selection.round_seats import AnnexAmended
from tests.given import NOW, When, given
from tests.selection.examples import (
    CLOSED,
    CLOSED_SCORING,
    CONFLICT_OF_DEWI,
    DECREE,
    DEWI,
    LISTED,
    OPEN,
    PANEL,
    ROUND_FIELDS,
    A,
    B,
    C,
    D,
    E,
    lost,
)

SHEETS = CandidateSheets(assigned=PANEL, scored=PANEL, scorers=PANEL, conflicted=())
FACTS = ScoringFacts(
    candidates={
        **dict.fromkeys((B, C, D, E), SHEETS),
        A: replace(SHEETS, conflicted=(DEWI,)),
    }
)
WITH_CONFLICT = (
    *(*OPEN, LISTED),
    CLOSED.model_copy(update={"conflicts": (CONFLICT_OF_DEWI,)}),
    *DECREE[len(CLOSED_SCORING) :],
)
"""The events of `DECREE` after a closing that has found the conflict."""
CONFIRMED = WITH_CONFLICT[:-2]
AMENDED = (*WITH_CONFLICT, lost(B, "withdrawn"), AnnexAmended(without=B, **ROUND_FIELDS))
TODAY = jakarta_date(NOW)


def closing(actor: str, **about: Any) -> When:
    """Let this actor close the scoring."""
    past = given(selection_round, *OPEN, LISTED)
    return past.when(CloseScoring(), rule=close_scoring, facts=FACTS, actor=actor, **about)


def decreeing(actor: str, **about: Any) -> When:
    """Let this actor record the decree of B."""
    past = given(selection_round, *CONFIRMED)
    digest = annex_digest(past.state)
    decree = DecreeParticipants(number="SK-7/2018", signed_on=TODAY, annex_digest=digest)
    return past.when(decree, actor=actor, **about)


def amending(actor: str, **about: Any) -> When:
    """Let this actor record the document by which B leaves the annex."""
    past = given(selection_round, *AMENDED)
    digest = annex_digest(past.state)
    amendment = RecordAmendment(number="SK-8/2018", signed_on=TODAY, annex_digest=digest)
    return past.when(amendment, actor=actor, **about)
