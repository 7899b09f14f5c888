"""The actions of applicants that object to a selection, and of the approver who decides on it."""

from services.selection.domain.choosing.choice import codes_of
from services.selection.domain.selection_round.objection_decisions import (
    DismissObjection,
    UpholdObjection,
)
from services.selection.domain.selection_round.objections import (
    FileObjection,
    ObjectionFacts,
    WithdrawObjection,
    file_objection,
)
from shared.contracts.calendar import jakarta_date
from shared.contracts.ids import enterprise_of
from shared.contracts.selection.round_codes import ObjectionDismissalCode, ObjectionGround
from tests.journey.people import People


class Objectors(People):
    """The persons of objections."""

    def object_to(self, ex: str) -> bool:
        """Let any listed candidate object, also one that has a seat or objected before."""
        selection_round = self.world.state("round", ex)
        if selection_round is None or not selection_round.listed:
            return False
        app = self.dice.choice(selection_round.listed)
        entered = self.world.state("candidate", app)
        if entered is None:
            return False
        facts = ObjectionFacts(counts_for=codes_of(selection_round.quotas, entered.applicant))
        command = FileObjection(application=app, ground=ObjectionGround.SCORE, reason="a wrong sum")
        actor = enterprise_of(app)
        return self.world.do("round", ex, command, facts, rule=file_objection, actor=actor)

    def withdraw_objection(self, ex: str) -> bool:
        """Let an applicant withdraw its objection."""
        app = self._objected(ex)
        return self.world.do("round", ex, WithdrawObjection(application=app))

    def decide_objection(self, ex: str) -> bool:
        """Uphold or dismiss an objection, as an approver who has no part in the selection."""
        command = UpholdObjection if self.dice.random() < 0.6 else DismissObjection
        code = (
            {"ground": ObjectionGround.SCORE}
            if command is UpholdObjection
            else {"code": ObjectionDismissalCode.UNFOUNDED}
        )
        decision = command(
            application=self._objected(ex),
            answer="as the sheets show",
            number="ND-7",
            signed_on=jakarta_date(self.world.now),
            **code,
        )
        return self.world.do("round", ex, decision, actor="approver-2")

    def dispute(self, ex: str) -> None:
        """Take a step while objections are possible or open: mostly time passes."""
        chance = self.dice.random()
        if chance < 0.35:
            self.object_to(ex)
        elif chance < 0.6:
            self.decide_objection(ex)
        elif chance < 0.7:
            self.withdraw_objection(ex)
        elif chance < 0.8:
            self.pass_time(hours=26)

    def _objected(self, ex: str) -> str:
        """Return an application whose objection waits for a decision, or any."""
        selection_round = self.world.state("round", ex)
        objections = selection_round.objections if selection_round else ()
        waiting: list[str] = [each.application for each in objections if each.is_undecided]
        return self.dice.choice(waiting or [f"{ex}.a"])
