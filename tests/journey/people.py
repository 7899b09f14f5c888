"""The actions of selection's and budget's people, with the facts of the routes.

`payers` has those of contracts and payments, `registrars` those of registration's people; `play`
orders them all.
"""

from contextlib import suppress

from services.selection.domain.candidate.assignments import (
    AssignCurator,
    PanelFacts,
    UnassignCurator,
    assign_curator,
    unassign_curator,
)
from services.selection.domain.candidate.conflicts import DeclareConflict, declare_conflict
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
from services.selection.domain.ranking.decider import MakeRanking, make_ranking
from services.selection.domain.ranking.sealed import RankingFacts, SealedCandidate, sealed_candidate
from services.selection.domain.selection_round.decree import (
    DecreeParticipants,
    RecordAmendment,
    annex_digest,
)
from services.selection.domain.selection_round.loss import LossStatus
from services.selection.domain.selection_round.officer_losses import (
    ApproveLoss,
    DeclineLoss,
    RequestLoss,
)
from services.selection.domain.selection_round.proposal import (
    ApproveSelection,
    ProposedFacts,
    ProposeSelection,
    ReturnSelection,
    approve_selection,
    next_ranking,
    propose_selection,
    terms_of,
)
from services.selection.domain.selection_round.scoring_phase import (
    CloseScoring,
    ScoringFacts,
    close_scoring,
    sheets_of,
)
from services.selection.domain.selection_round.state import Round
from shared.contracts.calendar import jakarta_date
from shared.contracts.ids import exhibition_of
from shared.contracts.selection.candidate import ModerationCode, UnassignmentCode
from shared.contracts.selection.round_codes import LossCode, ReturnCode
from shared.kernel.decider import Refused
from tests.journey.stage import (
    CURATORS,
)
from tests.journey.treasurers import Treasurers
from tests.rubrics import rubric_of
from tests.selection.choices import solved

WEIGHTS = SheetFacts(rubric=rubric_of({"quality": 100}))


class People(Treasurers):
    """The persons who send commands to a world; `documents` counts those that take a seat."""

    documents = 0

    def pass_time(self, **by: float) -> None:
        """Move the clock, and sweep the deadlines."""
        self.world.pass_time(**by)
        self.world.sweep()

    def score(self, app: str) -> bool:
        """Assign a curator of the panel, who scores; first those that are awaited."""
        selection_round = self.world.state("round", exhibition_of(app))
        if selection_round is None or not selection_round.panel:
            return False
        curator = self.dice.choice(self.awaited(app) or selection_round.panel)
        panel = PanelFacts(curators=selection_round.panel)
        self.world.do("candidate", app, AssignCurator(curator=curator), panel, rule=assign_curator)
        command = SubmitScoreSheet(levels=self._levels())
        return self.world.do(
            "candidate", app, command, WEIGHTS, rule=submit_score_sheet, actor=curator
        )

    def moderate(self, app: str) -> bool:
        """Let a curator change its sheet, which only an opening permits."""
        command = ModerateScores(
            levels=self._levels(), code=ModerationCode.DISCUSSION, reason="discussed"
        )
        actor = self._curator_of(app)
        return self.world.do("candidate", app, command, WEIGHTS, rule=moderate_scores, actor=actor)

    def unassign(self, app: str) -> bool:
        """Unassign a curator."""
        command = UnassignCurator(
            curator=self._curator_of(app), code=UnassignmentCode.OTHER, reason="a slip"
        )
        facts = PanelFacts(curators=())
        return self.world.do("candidate", app, command, facts, rule=unassign_curator)

    def declare_conflict(self, app: str) -> bool:
        """Let a curator declare a conflict of interest."""
        curator = self._curator_of(app)
        facts, command = PanelFacts(curators=(curator,)), DeclareConflict(reason="a cousin")
        return self.world.do("candidate", app, command, facts, rule=declare_conflict, actor=curator)

    def close_scoring(self, ex: str) -> bool:
        """Seal the sheets."""
        candidates = {app: self.world.state("candidate", app) for app in self.candidates(ex)}
        facts = ScoringFacts(candidates={app: sheets_of(candidates[app]) for app in candidates})
        command = CloseScoring()
        return self.world.do("round", ex, command, facts, rule=close_scoring, actor="officer")

    def propose(self, ex: str) -> bool:
        """Rank the sealed candidates, and propose the ranking."""
        selection_round = self.world.state("round", ex)
        id = next_ranking(selection_round) if selection_round else None
        if id is None:
            return False
        facts = self.ranking_facts(selection_round)
        with suppress(Refused):
            facts = solved(facts)
        command = MakeRanking()
        self.world.do("ranking", id, command, facts, rule=make_ranking, actor="officer")
        proposed = ProposedFacts(ranking=self.world.state("ranking", id))
        return self.world.do(
            "round", ex, ProposeSelection(), proposed, rule=propose_selection, actor="officer"
        )

    def approve(self, ex: str) -> bool:
        """Approve the proposal."""
        selection_round = self.world.state("round", ex)
        if selection_round is None or selection_round.proposal is None:
            return False
        proposal = selection_round.proposal
        command = ApproveSelection(digest=proposal.digest)
        facts = ProposedFacts(ranking=self.world.state("ranking", proposal.ranking))
        return self.world.do("round", ex, command, facts, rule=approve_selection, actor="approver")

    def send_back(self, ex: str) -> bool:
        """Return the selection to scoring."""
        command = ReturnSelection(code=ReturnCode.SCORES_DIVERGE, reason="look again")
        return self.world.do("round", ex, command, actor="approver")

    def sanction(self, app: str) -> bool:
        """Request that a seat is taken away, as a sanction."""
        self.documents += 1
        command = RequestLoss(
            application=app,
            code=LossCode.SANCTION,
            reason="sanction",
            number=f"ND-{self.documents}",
            signed_on=jakarta_date(self.world.now),
        )
        return self.world.do("round", exhibition_of(app), command, actor="officer")

    def decide_loss(self, ex: str) -> bool:
        """Take a seat whose loss is requested, or decline."""
        selection_round = self.world.state("round", ex)
        losses = selection_round.losses if selection_round else ()
        waiting = [loss for loss in losses if loss.status is LossStatus.REQUESTED]
        if not waiting:
            return False
        app = self.dice.choice(waiting).application
        take = self.dice.random() < 0.8
        command = (
            ApproveLoss(application=app) if take else DeclineLoss(application=app, reason="no")
        )
        return self.world.do("round", ex, command, actor="approver")

    def decree(self, ex: str) -> bool:
        """Sign the decree of the annex as it is now."""
        selection_round = self.world.state("round", ex)
        if selection_round is None:
            return False
        command = DecreeParticipants(
            number="SK-1",
            signed_on=jakarta_date(self.world.now),
            annex_digest=annex_digest(selection_round),
        )
        return self.world.do("round", ex, command)

    def amend(self, ex: str) -> bool:
        """Sign the document of the amendments that await it."""
        selection_round = self.world.state("round", ex)
        if selection_round is None or selection_round.decree is None:
            return False
        command = RecordAmendment(
            number=f"SK-1-{len(selection_round.decree.amendments)}",
            signed_on=jakarta_date(self.world.now),
            annex_digest=annex_digest(selection_round),
        )
        return self.world.do("round", ex, command)

    def ranking_facts(self, selection_round: Round) -> RankingFacts:
        """Return the facts of a ranking, as the route would load them."""
        return RankingFacts(
            closing=selection_round.closing,
            sheets_min=selection_round.sheets_min,
            terms=terms_of(selection_round),
            inputs=selection_round.inputs,
            remaining=selection_round.remaining,
            candidates=self.sealed(selection_round.exhibition),
            **selection_round.round_fields,
        )

    def sealed(self, ex: str) -> dict[str, SealedCandidate]:
        """Return the sealed candidates, as the route would load them."""
        quotas = self.world.state("round", ex).quotas
        found = (
            sealed_candidate(app, self.world.state("candidate", app), quotas)
            for app in self.candidates(ex)
        )
        return {candidate.application: candidate for candidate in found if candidate is not None}

    def candidates(self, ex: str) -> list[str]:
        """Return the candidates of an exhibition."""
        return [app for app in self.world.ids("candidate") if exhibition_of(app) == ex]

    def _levels(self) -> dict[str, int]:
        return {"quality": self.dice.randint(1, 5)}

    def _curator_of(self, app: str) -> str:
        """Return an assigned curator, or any if there is none."""
        state = self.world.state("candidate", app)
        curators: tuple[str, ...] = state.curators if state else ()
        return self.dice.choice(curators or CURATORS)

    def needs_a_sheet(self, app: str) -> bool:
        """Return True if a candidate can take another score sheet."""
        state = self.world.state("candidate", app)
        if state.status.value != "ENTERED" or state.seal is not None:
            return False
        return len(state.sheets) < 3 or bool(self.awaited(app))

    def awaited(self, app: str) -> tuple[str, ...]:
        """Return the assigned curators whose sheet of a candidate is missing."""
        state = self.world.state("candidate", app)
        return sheets_of(state).awaited if state is not None else ()
