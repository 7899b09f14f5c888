"""The actions of selection's and budget's people, with the facts of the routes.

`registrars` has those of registration's; `play` orders them all.
"""

from typing import Any

from services.budget.domain.allocation.commitments import (
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.envelope.allotments import (
    MakeAllotment,
    make_allotment,
)
from services.budget.domain.envelope.costs import (
    CorrectCost,
    ProposeCost,
    WithdrawCost,
    propose_cost,
)
from services.budget.domain.envelope.exhibition import ExhibitionFacts
from services.budget.domain.envelope.pagu import BlockEnvelope, UnblockEnvelope
from services.budget.domain.envelope.revisions import (
    ProposeRevision,
    ReviseEnvelope,
    WithdrawRevision,
)
from services.selection.domain.candidate.assignments import (
    AssignCurator,
    PanelFacts,
    UnassignCurator,
    assign_curator,
)
from services.selection.domain.candidate.conflicts import DeclareConflict, declare_conflict
from services.selection.domain.candidate.score_sheets import (
    ModerateScores,
    SheetFacts,
    SubmitScoreSheet,
    moderate_scores,
    submit_score_sheet,
)
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
    ProposeSelection,
    ReturnSelection,
    SealedCandidate,
    SealedFacts,
    propose_selection,
)
from services.selection.domain.selection_round.scoring_phase import (
    CloseScoring,
    ScoringFacts,
    close_scoring,
    sheets_of,
)
from shared.contracts.budget.envelope import PostingCode
from shared.contracts.calendar import jakarta_date
from shared.contracts.ids import exhibition_of
from shared.contracts.selection.candidate import ModerationCode, UnassignmentCode
from shared.contracts.selection.round import LossCode, ReturnCode
from tests.journey.registrars import Registrars
from tests.journey.stage import (
    CURATORS,
    ENVELOPE,
    UNIT,
)

WEIGHTS = SheetFacts(weights={"quality": 100})


class People(Registrars):
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
        return self.world.do("candidate", app, command)

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
        """Propose the ranking of the sealed candidates."""
        facts = SealedFacts(candidates=self.sealed(ex))
        return self.world.do(
            "round", ex, ProposeSelection(), facts, rule=propose_selection, actor="officer"
        )

    def approve(self, ex: str) -> bool:
        """Approve the proposal."""
        selection_round = self.world.state("round", ex)
        if selection_round is None or selection_round.proposal is None:
            return False
        command = ApproveSelection(digest=selection_round.proposal.digest)
        return self.world.do("round", ex, command, actor="approver")

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

    def allot(self, ex: str, amount: int) -> bool:
        """Allot money to an exhibition that budget knows."""
        mirror = self.world.mirror("budget", "exhibition", ex)
        if mirror is None:
            return False
        facts = ExhibitionFacts(
            programme=mirror.programme, scope=mirror.scope, course=mirror.course
        )
        command = MakeAllotment(
            exhibition=ex, amount_idr=amount, unit_cost_idr=UNIT, **self._document()
        )
        return self.world.do("envelope", ENVELOPE, command, facts, rule=make_allotment)

    def correct_cost(self, ex: str) -> bool:
        """Propose the cost of a place, or let another person confirm the cost that waits."""
        cost = self.world.state("envelope", ENVELOPE).cost
        if cost is not None:
            choice = self.dice.choice((CorrectCost, CorrectCost, WithdrawCost))
            command = choice(document_number=cost.document_number)
            return self.world.do("envelope", ENVELOPE, command, actor="approver")
        mirror = self.world.mirror("budget", "exhibition", ex)
        if mirror is None:
            return False
        facts = ExhibitionFacts(
            programme=mirror.programme, scope=mirror.scope, course=mirror.course
        )
        proposal = ProposeCost(
            exhibition=ex,
            unit_cost_idr=self.dice.choice((UNIT // 2, UNIT, 2 * UNIT)),
            code=PostingCode.CORRECTION,
            reason="by chance",
            **self._document(),
        )
        return self.world.do("envelope", ENVELOPE, proposal, facts, rule=propose_cost)

    def lower(self, ex: str) -> bool:
        """Return money of an allocation."""
        number = f"ND-{len(self.world.log['allocation', ex])}"
        day = jakarta_date(self.world.now)
        command = LowerAllocation(amount_idr=5, document_number=number, effective_on=day)
        return self.world.do("allocation", ex, command)

    def contract(self, ex: str) -> bool:
        """Contract a reserved place."""
        allocation = self.world.state("allocation", ex)
        mirror = self.world.mirror("budget", "round", ex)
        if allocation is None or not allocation.reserved:
            return False
        name = f"contract-{len(allocation.contracts)}"
        command = ContractCommitment(contract=name, applications=tuple(allocation.reserved)[:1])
        facts = CommitmentFacts(annex=mirror.annex if mirror else None)
        return self.world.do("allocation", ex, command, facts, rule=contract_commitment)

    def move_money(self) -> bool:
        """Block, unblock or revise the envelope."""
        posting = {**self._document(), "code": PostingCode.OTHER, "reason": "by chance"}
        command: Any = self.dice.choice(
            (
                BlockEnvelope(amount_idr=5, **posting),
                UnblockEnvelope(amount_idr=5, **posting),
                ProposeRevision(delta_idr=5, **posting),
                ProposeRevision(delta_idr=-10, **posting),
            )
        )
        return self._revise() or self.world.do("envelope", ENVELOPE, command)

    def _revise(self) -> bool:
        revision = self.world.state("envelope", ENVELOPE).revision
        if revision is None:
            return False
        choices = (ReviseEnvelope, ReviseEnvelope, WithdrawRevision)
        command = self.dice.choice(choices)(document_number=revision.document_number)
        return self.world.do("envelope", ENVELOPE, command, actor="approver")

    def _document(self) -> dict[str, Any]:
        number = len(self.world.log["envelope", ENVELOPE])
        return {"document_number": f"ND-{number}", "effective_on": jakarta_date(self.world.now)}

    def sealed(self, ex: str) -> dict[str, SealedCandidate]:
        """Return the sealed candidates, as the route would load them."""
        states = {app: self.world.state("candidate", app) for app in self.candidates(ex)}
        return {
            name: SealedCandidate(
                application=name,
                closing=candidate.seal.closing,
                score=candidate.seal.score,
                curators=tuple(sheet.curator for sheet in candidate.sheets),
                conflicted=tuple(conflict.curator for conflict in candidate.conflicts),
                first_timer=candidate.applicant.first_timer,
                province=candidate.applicant.province,
                submitted_at=candidate.submitted_at,
            )
            for name, candidate in states.items()
            if candidate.seal is not None and candidate.submitted_at is not None
        }

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
