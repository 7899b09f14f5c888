"""The actions of each person, with the facts that the routes would load; `play` orders them."""

from datetime import timedelta
from typing import Any

from services.budget.domain.allocation.commitments import (
    CommitmentFacts,
    ContractCommitment,
    contract_commitment,
)
from services.budget.domain.allocation.funding import LowerAllocation
from services.budget.domain.envelope.allotments import (
    AllotmentFacts,
    MakeAllotment,
    make_allotment,
)
from services.budget.domain.envelope.pagu import BlockEnvelope, ReviseEnvelope, UnblockEnvelope
from services.registration.domain.application.participation_cap import ParticipationFacts
from services.registration.domain.application.place import (
    AcceptOffer,
    AttendanceFacts,
    DeclineOffer,
    RecordAttendance,
    accept_offer,
    record_attendance,
)
from services.registration.domain.application.state import Status as Applied
from services.registration.domain.application.submission import (
    SubmissionFacts,
    SubmitApplication,
    WithdrawApplication,
    submit_application,
)
from services.registration.domain.application.verification import (
    VerifyApplication,
    verify_application,
)
from services.registration.domain.exhibition.call import (
    CallFacts,
    CloseVerification,
    ClosureFacts,
    OpenCall,
    close_verification,
    open_call,
)
from services.registration.domain.exhibition.planning import CancelExhibition, cancel_exhibition
from services.selection.domain.candidate.score_sheets import (
    AssignCurator,
    PanelFacts,
    SheetFacts,
    SubmitScoreSheet,
    assign_curator,
    submit_score_sheet,
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
    EnteredFacts,
    close_scoring,
)
from services.selection.domain.selection_round.seats import DecreeParticipants, LosePlace
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.words import Requirement, Scope
from tests.journey.stage import (
    ENVELOPE,
    UNIT,
    set_the_stage,
)
from tests.journey.world import World


class People:
    """The persons who send commands to a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = world.dice
        set_the_stage(world)

    def pass_time(self, **by: float) -> None:
        """Move the clock, and sweep the deadlines."""
        self.world.pass_time(**by)
        self.world.sweep()

    def open_call(self, ex: str) -> bool:
        """Open a call for an hour."""
        command = OpenCall(
            closes_at=self.world.now + timedelta(hours=1),
            requirements=(Requirement.CAPACITY,),
            rubric="r1",
            sheets_min=3,
            offer_hours=72,
        )
        facts = CallFacts(thresholds=dict.fromkeys(Scope, 0))
        return self.world.do("exhibition", ex, command, facts, rule=open_call)

    def submit(self, app: str) -> bool:
        """Submit; a tenth of the applications declare no capacity and will be rejected."""
        capacity = 0 if self.dice.random() < 0.1 else 100
        enterprise = enterprise_of(app)
        command = SubmitApplication(enterprise=enterprise, capacity=capacity)
        facts = SubmissionFacts(
            exhibition=self.exhibition(exhibition_of(app)),
            enterprise=self.world.state("enterprise", enterprise),
        )
        return self.world.do("application", app, command, facts, rule=submit_application)

    def verify(self, app: str) -> bool:
        """Let the rules verify an application."""
        facts = ParticipationFacts(applications=())
        return self.world.do(
            "application", app, VerifyApplication(), facts, rule=verify_application
        )

    def close_verification(self, ex: str) -> bool:
        """Close the verification; selection gets the eligible applications."""
        eligible = sorted(
            app for app in self.applications(ex) if self.stands(app, Applied.ELIGIBLE)
        )
        facts = ClosureFacts(undecided=len(self.undecided(ex)), eligible=tuple(eligible))
        return self.world.do("exhibition", ex, CloseVerification(), facts, rule=close_verification)

    def score(self, app: str) -> bool:
        """Assign a curator of the panel, who scores."""
        selection_round = self.world.state("round", exhibition_of(app))
        if selection_round is None or not selection_round.panel:
            return False
        curator = self.dice.choice(selection_round.panel)
        panel = PanelFacts(curators=selection_round.panel)
        self.world.do("candidate", app, AssignCurator(curator=curator), panel, rule=assign_curator)
        level = self.dice.randint(1, 5)
        weights = SheetFacts(weights={"quality": 100})
        command = SubmitScoreSheet(levels={"quality": level})
        return self.world.do(
            "candidate", app, command, weights, rule=submit_score_sheet, actor=curator
        )

    def close_scoring(self, ex: str) -> bool:
        """Seal the sheets."""
        entered = EnteredFacts(entered=frozenset(self.candidates(ex)))
        return self.world.do("round", ex, CloseScoring(), entered, rule=close_scoring)

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
        """Return the proposal to scoring."""
        roles = frozenset({"approver"})
        return self.world.do("round", ex, ReturnSelection(reason="look again"), roles=roles)

    def withdraw(self, app: str) -> bool:
        """Withdraw an application."""
        return self.world.do("application", app, WithdrawApplication(reason="no time"))

    def answer(self, app: str) -> bool:
        """Accept an offer mostly, or decline it."""
        if self.dice.random() < 0.7:
            no_others = ParticipationFacts(applications=())
            return self.world.do("application", app, AcceptOffer(), no_others, rule=accept_offer)
        return self.world.do("application", app, DeclineOffer())

    def attend(self, app: str) -> bool:
        """Record presence or absence."""
        facts = AttendanceFacts(exhibition=self.exhibition(exhibition_of(app)).status)
        command = RecordAttendance(present=self.dice.random() < 0.7)
        return self.world.do("application", app, command, facts, rule=record_attendance)

    def sanction(self, app: str) -> bool:
        """Take a seat away, as a sanction."""
        command = LosePlace(application=app, reason="sanction")
        return self.world.do("round", exhibition_of(app), command)

    def decree(self, ex: str) -> bool:
        """Sign the decree."""
        command = DecreeParticipants(number="SK-1", signed_on=self.world.now.date())
        return self.world.do("round", ex, command)

    def cancel(self, ex: str) -> bool:
        """Cancel the exhibition."""
        command = CancelExhibition(reason="no venue")
        return self.world.do("exhibition", ex, command, rule=cancel_exhibition)

    def allot(self, ex: str, amount: int) -> bool:
        """Allot money to an exhibition that budget knows."""
        mirror = self.world.mirror("budget", "exhibition", ex)
        if mirror is None:
            return False
        facts = AllotmentFacts(
            programme=mirror.programme, scope=mirror.scope, cancelled=mirror.cancelled
        )
        command = MakeAllotment(exhibition=ex, amount_idr=amount, unit_cost_idr=UNIT)
        return self.world.do("envelope", ENVELOPE, command, facts, rule=make_allotment)

    def lower(self, ex: str) -> bool:
        """Return money of an allocation."""
        return self.world.do("allocation", ex, LowerAllocation(amount_idr=5))

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
        command: Any = self.dice.choice(
            (
                BlockEnvelope(amount_idr=5, reason="blocked"),
                UnblockEnvelope(amount_idr=5, reason="free again"),
                ReviseEnvelope(delta_idr=5, document_number="R", reason="more"),
                ReviseEnvelope(delta_idr=-10, document_number="R", reason="less"),
            )
        )
        return self.world.do("envelope", ENVELOPE, command)

    def sealed(self, ex: str) -> dict[str, SealedCandidate]:
        """Return the sealed candidates, as the route would load them."""
        states = {app: self.world.state("candidate", app) for app in self.candidates(ex)}
        return {
            name: SealedCandidate(
                application=name,
                closing=candidate.seal.closing,
                score=candidate.seal.score,
                curators=tuple(sheet.curator for sheet in candidate.sheets),
                first_timer=candidate.applicant.first_timer,
                province=candidate.applicant.province,
                submitted_at=candidate.submitted_at,
            )
            for name, candidate in states.items()
            if candidate.seal is not None and candidate.submitted_at is not None
        }

    def exhibition(self, ex: str) -> Any:
        """Return the state of an exhibition."""
        return self.world.state("exhibition", ex)

    def applications(self, ex: str) -> list[str]:
        """Return the applications for an exhibition."""
        return [app for app in self.world.ids("application") if exhibition_of(app) == ex]

    def candidates(self, ex: str) -> list[str]:
        """Return the candidates of an exhibition."""
        return [app for app in self.world.ids("candidate") if exhibition_of(app) == ex]

    def undecided(self, ex: str) -> list[str]:
        """Return the applications that are not verified yet."""
        return [app for app in self.applications(ex) if self.stands(app, Applied.SUBMITTED)]

    def stands(self, app: str, status: Applied) -> bool:
        """Return True if an application has this status."""
        return bool(self.world.state("application", app).status is status)

    def needs_a_sheet(self, app: str) -> bool:
        """Return True if a candidate can take another score sheet."""
        state = self.world.state("candidate", app)
        return state.status.value == "ENTERED" and state.seal is None and len(state.sheets) < 3
