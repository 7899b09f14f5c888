"""Play the persons' actions in the four services at random.

Two exhibitions with two places, five enterprises and four curators are few enough to meet every
case. The dice choose the order. `advance` takes the next natural step of an exhibition, so that
runs reach the end of the journey; `disturb` takes any step.
"""

from collections.abc import Callable
from typing import Any

from services.registration.domain.application.state import Status as Applied
from services.registration.domain.exhibition.holding import EndExhibition, OpenExhibition
from services.registration.domain.exhibition.state import Status as Held
from services.selection.domain.candidate.score_sheets import (
    RetractScoreSheet,
)
from services.selection.domain.selection_round.panel import (
    AppointPanel,
    PanelChoiceFacts,
    appoint_panel,
)
from tests.journey.objectors import Objectors
from tests.journey.stage import (
    CURATORS,
    ENTERPRISES,
    EXHIBITIONS,
    UNIT,
)

Step = Callable[[], object]


class Play(Objectors):
    """The persons who send commands to a world, and the order of their actions."""

    def advance(self, ex: str) -> None:
        """Take the next natural step of an exhibition."""
        held, selection_round = self.exhibition(ex), self.world.state("round", ex)
        if held.status is Held.PLANNED:
            self.open_call(ex)
        elif held.status is Held.CALL_OPEN:
            self._fill_call(ex)
        elif self.undecided(ex):
            self._decide(self.dice.choice(self.undecided(ex)))
        elif held.status is Held.CALL_CLOSED:
            self.close_verification(ex)
        elif selection_round is not None:
            self._advance_round(ex, selection_round)

    def disturb(self) -> None:
        """Take any step, in time or not."""
        ex = self.dice.choice(EXHIBITIONS)
        app = f"{ex}.{self.dice.choice(ENTERPRISES)}"
        steps: list[Step] = [
            *self._registrations_steps(ex, app),
            *self._selections_steps(ex, app),
            *self._budgets_steps(ex),
            lambda: self._rarely(0.1, lambda: self.pass_time(hours=80)),
        ]
        self.dice.choice(steps)()

    def _registrations_steps(self, ex: str, app: str) -> list[Step]:
        return [
            lambda: self.submit(app),
            lambda: self.verify(app),
            lambda: self._rarely(0.3, lambda: self.revise(app)),
            lambda: self._rarely(0.5, lambda: self.ask_for_correction(app)),
            lambda: self.resubmit(app),
            lambda: self.close_verification(ex),
            lambda: self._rarely(0.3, lambda: self.withdraw(app)),
            lambda: self.answer(app),
            lambda: self.attend(app),
            lambda: self.correct(app),
            lambda: self.scan(app),
            lambda: self._rarely(0.5, lambda: self.undo_scan(ex)),
            lambda: self.assign_booths(ex),
            lambda: self._rarely(0.3, lambda: self.take_back_booths(ex)),
            lambda: self.world.do("exhibition", ex, OpenExhibition()),
            lambda: self._rarely(0.3, lambda: self.world.do("exhibition", ex, EndExhibition())),
            lambda: self._rarely(0.3, lambda: self.report(ex)),
            lambda: self._rarely(0.04, lambda: self.cancel(ex)),
            lambda: self._rarely(0.4, lambda: self.reschedule(ex)),
            lambda: self.renew(ex),
            lambda: self._rarely(0.5, lambda: self.commit(ex)),
            lambda: self._rarely(0.3, lambda: self.return_letter(ex)),
        ]

    def _selections_steps(self, ex: str, app: str) -> list[Step]:
        return [
            lambda: self.score(app),
            lambda: self.world.do("candidate", app, RetractScoreSheet(), actor="c1"),
            lambda: self.moderate(app),
            lambda: self._rarely(0.1, lambda: self.unassign(app)),
            lambda: self._rarely(0.2, lambda: self.declare_conflict(app)),
            lambda: self.close_scoring(ex),
            lambda: self.propose(ex),
            lambda: self.approve(ex),
            lambda: self.send_back(ex),
            lambda: self._rarely(0.3, lambda: self.sanction(app)),
            lambda: self.decide_loss(ex),
            lambda: self._rarely(0.1, lambda: self.decree(ex)),
            lambda: self._rarely(0.5, lambda: self.object_to(ex)),
            lambda: self._rarely(0.5, lambda: self.decide_objection(ex)),
            lambda: self._rarely(0.1, lambda: self.withdraw_objection(ex)),
            lambda: self._rarely(0.5, lambda: self.amend(ex)),
        ]

    def _budgets_steps(self, ex: str) -> list[Step]:
        return [
            self.move_money,
            lambda: self.allot(ex, self.dice.choice((5, 10))),
            lambda: self._rarely(0.4, lambda: self.lower(ex)),
            lambda: self._rarely(0.4, lambda: self.correct_cost(ex)),
            lambda: self.contract(ex),
            lambda: self._rarely(0.3, lambda: self.change_contract(ex)),
            lambda: self.pay(ex),
            lambda: self._rarely(0.5, lambda: self.take_back(ex)),
            lambda: self._rarely(0.5, lambda: self.release(ex)),
        ]

    def _advance_round(self, ex: str, selection_round: Any) -> None:
        match selection_round.status.value:
            case "OPEN" if not selection_round.panel:
                panel, facts = AppointPanel(curators=CURATORS), PanelChoiceFacts()
                self.world.do("round", ex, panel, facts, rule=appoint_panel)
            case "OPEN":
                short = [app for app in self.candidates(ex) if self.needs_a_sheet(app)]
                self.score(self.dice.choice(short)) if short else self.close_scoring(ex)
            case "SCORING_CLOSED":
                self.send_back(ex) if self.dice.random() < 0.1 else self.propose(ex)
            case "PROPOSED" if self.dice.random() < 0.2:
                self.withdraw(self.dice.choice(selection_round.remaining or (f"{ex}.a",)))
            case "PROPOSED":
                self.approve(ex)
            case "APPROVED":
                self._advance_approved(ex)
                self._advance_disputes(ex, selection_round)
            case "DECREED":
                self._advance_decreed(ex)
            case _:
                pass

    def _advance_approved(self, ex: str) -> None:
        offered = [app for app in self.applications(ex) if self.stands(app, Applied.OFFERED)]
        if offered:
            self.answer(self.dice.choice(offered))
        elif any(map(self.owes_letter, self.applications(ex))):
            self.commit(ex)
        elif self.dice.random() < 0.4:
            self.allot(ex, UNIT) or self.move_money()
        elif self.dice.random() < 0.1:
            self.decree(ex)

    def _advance_disputes(self, ex: str, selection_round: Any) -> None:
        if selection_round.window_open or selection_round.disputed:
            self.dispute(ex)

    def _advance_decreed(self, ex: str) -> None:
        self._rarely(0.5, lambda: self.amend(ex))
        self.take_back_booths(ex) if self.dice.random() < 0.1 else self.assign_booths(ex)
        if self.dice.random() < 0.5:
            self.dice.choice((self.contract, self.contract, self.pay, self.take_back))(ex)
        if self.world.now.date() < self.exhibition(ex).plan.starts_on and self.dice.random() < 0.2:
            self.pass_time(days=20)
        self.world.do("exhibition", ex, OpenExhibition())
        confirmed = [app for app in self.applications(ex) if self.stands(app, Applied.CONFIRMED)]
        if confirmed and self.exhibition(ex).status not in (Held.RUNNING, Held.ENDED):
            self._rarely(0.3, lambda: self.withdraw(self.dice.choice(confirmed)))
        elif confirmed:
            app = self.dice.choice(confirmed)
            if self.dice.random() < 0.2:
                # Its seat may be taken before selection receives that the exhibition runs.
                self.sanction(app)
                self.decide_loss(ex)
            self.scan(app) if self.dice.random() < 0.4 else self.attend(app)
        else:
            self._advance_recorded(ex)

    def _advance_recorded(self, ex: str) -> None:
        """Take a step after every attendance is recorded."""
        ends = (Applied.ATTENDED, Applied.ABSENT)
        states = {app: self.world.state("application", app) for app in self.applications(ex)}
        recorded = [app for app, state in states.items() if state.status in ends]
        if recorded and self.dice.random() < 0.4:
            self.correct(self.dice.choice(recorded))
        elif self.dice.random() < 0.3:
            self.release(ex)
        elif self.dice.random() < 0.3:
            self.undo_scan(ex)
        elif self.dice.random() < 0.2:
            self.end(ex) or self.report(ex)

    def _decide(self, app: str) -> None:
        if self.dice.random() < 0.1:
            self.ask_for_correction(app)
        if self.dice.random() < 0.5:
            self.resubmit(app)
        self.verify(app)

    def _fill_call(self, ex: str) -> None:
        if len(self.applications(ex)) < 4:
            self.submit(f"{ex}.{self.dice.choice(ENTERPRISES)}")
        else:
            self.pass_time(hours=2)

    def _rarely(self, chance: float, step: Callable[[], object]) -> None:
        if self.dice.random() < chance:
            step()
