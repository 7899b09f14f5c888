"""The actions of applicants and of registration's officers, with the facts of the routes."""

from datetime import date, timedelta
from typing import Any

from services.registration.domain.application.closing import CLOSABLE
from services.registration.domain.application.correction import (
    RequestCorrection,
    ResubmitApplication,
    request_correction,
    resubmit_application,
)
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import (
    AcceptanceFacts,
    ParticipationFacts,
    slot_claim,
    slot_claims,
    slots,
)
from services.registration.domain.application.place import (
    AcceptOffer,
    DeclineOffer,
    accept_offer,
)
from services.registration.domain.application.state import Decision, ExhibitionFacts
from services.registration.domain.application.state import Status as Applied
from services.registration.domain.application.submission import (
    WITHDRAWABLE,
    ReviseApplication,
    SubmitApplication,
    WithdrawApplication,
    revise_application,
    submit_application,
    withdraw_application,
)
from services.registration.domain.application.verification import (
    VerificationFacts,
    VerifyApplication,
    verify_application,
)
from services.registration.domain.document.state import Document, counting
from services.registration.domain.exhibition.call import (
    CallFacts,
    CloseVerification,
    ClosureFacts,
    OpenCall,
    close_verification,
    open_call,
)
from services.registration.domain.exhibition.holding import (
    EndExhibition,
    ReportExhibition,
    ReportFacts,
    report_exhibition,
)
from services.registration.domain.exhibition.planning import (
    CancelExhibition,
    CancellationFacts,
    cancel_exhibition,
)
from services.registration.domain.exhibition.rescheduling import (
    RescheduleExhibition,
    ReschedulingFacts,
    reschedule_exhibition,
)
from services.registration.domain.exhibition.state import Status as Held
from shared.contracts.calendar import jakarta_date, jakarta_midnight
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.application_codes import CorrectionField, WithdrawalCode
from shared.contracts.registration.exhibition import CancellationCode, ReschedulingCode
from shared.contracts.words import Scope
from tests.journey.stage import COMMITMENT_DAYS, ENDS_ON, OBJECTIONS, QUOTAS, set_the_stage
from tests.journey.world import World
from tests.registration.rule_sets import POLICY, RULES, RULES_OF_2018
from tests.relations import RELATION_KEYS


class Registrars:
    """The persons who send commands to registration, by these `rules`."""

    rules = RULES

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = world.dice
        set_the_stage(world)

    def open_call(self, ex: str) -> bool:
        """Open a call for an hour."""
        command = OpenCall(
            closes_at=self.world.now + timedelta(hours=1),
            rule_set=RULES_OF_2018,
            requirements=("licence", "capacity"),
            rubric="r1",
            commitment_days=COMMITMENT_DAYS[ex],
            quotas=self.dice.choice(QUOTAS),
            objections=self.dice.choice(OBJECTIONS),
        )
        facts = CallFacts(thresholds=dict.fromkeys(Scope, 0), rule_set=self.rules)
        return self.world.do("exhibition", ex, command, facts, rule=open_call)

    def submit(self, app: str) -> bool:
        """Submit; a tenth of the applications declare no capacity and will be rejected."""
        capacity = 0 if self.dice.random() < 0.1 else 100
        enterprise = enterprise_of(app)
        command = SubmitApplication(enterprise=enterprise, capacity=capacity)
        facts = self.submission(app)
        by = {"actor": enterprise}
        return self.world.do("application", app, command, facts, rule=submit_application, **by)

    def revise(self, app: str) -> bool:
        """Revise an application while the call is open."""
        command = ReviseApplication(capacity=self.dice.choice((100, 200)))
        facts = self.submission(app)
        by = {"actor": enterprise_of(app)}
        return self.world.do("application", app, command, facts, rule=revise_application, **by)

    def submission(self, app: str) -> SubmissionFacts:
        """Return the facts of a submission, a revision or a correction."""
        return SubmissionFacts(
            exhibition=self.exhibition(exhibition_of(app)),
            enterprise=self.world.state("enterprise", enterprise_of(app)),
            participations=self.participations(enterprise_of(app)),
            documents=counting(self.papers(enterprise_of(app))),
            rule_set=self.rules,
            relation_keys=RELATION_KEYS,
        )

    def papers(self, enterprise: str) -> dict[str, Document]:
        """Return all documents of an enterprise."""
        states = {id: self.world.state("document", id) for id in self.world.ids("document")}
        return {id: state for id, state in states.items() if state.enterprise == enterprise}

    def verify(self, app: str) -> bool:
        """Let the rules verify an application."""
        facts = self.verification(app)
        return self.world.do(
            "application", app, VerifyApplication(), facts, rule=verify_application
        )

    def verification(self, app: str) -> VerificationFacts:
        """Return the facts of a verification, or of a request for a correction."""
        held = self.exhibition(exhibition_of(app))
        return VerificationFacts(
            exhibition=held.status,
            last_day=held.call.last_day if held.call else date.max,
            enterprise=self.world.state("enterprise", enterprise_of(app)),
            participations=self.participations(enterprise_of(app)),
            rule_set=self.rules,
        )

    def ask_for_correction(self, app: str) -> bool:
        """Ask for a correction, which may never come."""
        command = RequestCorrection(fields=(CorrectionField.CAPACITY,), reason="none", days=2)
        facts = self.verification(app)
        return self.world.do("application", app, command, facts, rule=request_correction)

    def resubmit(self, app: str) -> bool:
        """Deliver a correction."""
        command = ResubmitApplication(capacity=100)
        facts = self.submission(app)
        by = {"actor": enterprise_of(app)}
        return self.world.do("application", app, command, facts, rule=resubmit_application, **by)

    def close_verification(self, ex: str) -> bool:
        """Close the verification; selection gets the eligible applications."""
        eligible = sorted(
            app for app in self.applications(ex) if self.stands(app, Applied.ELIGIBLE)
        )
        facts = ClosureFacts(undecided=len(self.undecided(ex)), eligible=tuple(eligible))
        return self.world.do("exhibition", ex, CloseVerification(), facts, rule=close_verification)

    def withdraw(self, app: str) -> bool:
        """Withdraw an application."""
        command = WithdrawApplication(code=WithdrawalCode.OTHER, reason="no time")
        facts = ExhibitionFacts(exhibition=self.exhibition(exhibition_of(app)).status)
        by = {"actor": enterprise_of(app)}
        return self.world.do("application", app, command, facts, rule=withdraw_application, **by)

    def answer(self, app: str) -> bool:
        """Accept an offer mostly, or decline it."""
        by = {"actor": enterprise_of(app)}
        if self.dice.random() < 0.7:
            facts = self.acceptance(app)
            return self.world.do("application", app, AcceptOffer(), facts, rule=accept_offer, **by)
        return self.world.do("application", app, DeclineOffer(), **by)

    def end(self, ex: str) -> bool:
        """End an exhibition that runs, some time after its last day; nothing else waits for it."""
        held = self.exhibition(ex)
        if held.status is Held.RUNNING and held.plan.ends_on <= min(ENDS_ON.values()):
            after = jakarta_midnight(held.plan.ends_on) + timedelta(days=2)
            self.world.now = max(self.world.now, after)
        return self.world.do("exhibition", ex, EndExhibition())

    def report(self, ex: str) -> bool:
        """Report an exhibition that has ended."""
        applied = [self.state_of(app) for app in self.applications(ex)]
        unrecorded = sum(status in (Applied.ACCEPTED, Applied.CONFIRMED) for status in applied)
        facts = ReportFacts(unrecorded=unrecorded, policy=POLICY)
        command = ReportExhibition(report="LAP-1", signed_on=jakarta_date(self.world.now))
        return self.world.do("exhibition", ex, command, facts, rule=report_exhibition)

    def reschedule(self, ex: str) -> bool:
        """Give the exhibition other days: days that begin soon, or the last ones of the year."""
        soon = jakarta_date(self.world.now) + timedelta(days=self.dice.choice((1, 5, 40)))
        ends_on = self.dice.choice((ENDS_ON[ex], date(2018, 12, 31)))
        command = RescheduleExhibition(
            code=ReschedulingCode.VENUE, reason="no hall", starts_on=soon, ends_on=ends_on
        )
        live = (app for app in self.applications(ex) if self.state_of(app) in WITHDRAWABLE)
        facts = ReschedulingFacts(live=tuple(live), rule_set=self.rules)
        return self.world.do("exhibition", ex, command, facts, rule=reschedule_exhibition)

    def cancel(self, ex: str) -> bool:
        """Cancel the exhibition."""
        command = CancelExhibition(code=CancellationCode.NO_VENUE, reason="no venue")
        waiting = (app for app in self.applications(ex) if self.state_of(app) in CLOSABLE)
        facts = CancellationFacts(waiting=tuple(waiting))
        return self.world.do("exhibition", ex, command, facts, rule=cancel_exhibition)

    def participations(self, enterprise: str) -> ParticipationFacts:
        """Return all applications of an enterprise."""
        ids = (app for app in self.world.ids("application") if enterprise_of(app) == enterprise)
        return ParticipationFacts(
            applications=tuple(filter(None, (self.world.state("application", app) for app in ids)))
        )

    def acceptance(self, app: str) -> AcceptanceFacts:
        """Return the facts of an acceptance, with the first slot that no application holds."""
        participations = self.participations(enterprise_of(app))
        own = self.world.state("application", app)
        held = {key for state in participations.applications for key in slot_claims(state)}
        free = (
            slot
            for slot in slots(self.rules.places_max)
            if own and slot_claim(own, slot) not in held
        )
        return AcceptanceFacts(
            participations=participations,
            places_max=self.rules.places_max,
            slot=next(free, None),
            commitment_days=COMMITMENT_DAYS[exhibition_of(app)],
            starts_on=self.exhibition(exhibition_of(app)).plan.starts_on,
        )

    def exhibition(self, ex: str) -> Any:
        """Return the state of an exhibition."""
        return self.world.state("exhibition", ex)

    def applications(self, ex: str) -> list[str]:
        """Return the applications for an exhibition."""
        return [app for app in self.world.ids("application") if exhibition_of(app) == ex]

    def undecided(self, ex: str) -> list[str]:
        """Return the applications that are not decided yet."""
        pending = Decision.PENDING
        return [
            app
            for app in self.applications(ex)
            if self.world.state("application", app).decision is pending
        ]

    def state_of(self, app: str) -> Applied:
        """Return the status of an application."""
        status: Applied = self.world.state("application", app).status
        return status

    def stands(self, app: str, status: Applied) -> bool:
        """Return True if an application has this status."""
        return bool(self.world.state("application", app).status is status)
