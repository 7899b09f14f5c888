"""The actions of officers at an exhibition: booths, attendance and check-ins."""

from datetime import timedelta

from services.registration.domain.application.attendance import (
    CorrectAttendance,
    RecordAttendance,
    correct_attendance,
    record_attendance,
)
from services.registration.domain.application.check_in import (
    CheckInFacts,
    CheckInParticipant,
    UndoCheckIn,
    check_in_participant,
    undo_check_in,
)
from services.registration.domain.application.state import ExhibitionFacts
from services.registration.domain.floor_plan import (
    AssignBooths,
    FloorPlanFacts,
    TakeBackBooths,
    assign_booths,
    take_back_booths,
)
from shared.contracts.ids import application_id, enterprise_of, exhibition_of
from shared.contracts.registration.floor_plan import BoothAssignment
from tests.journey.registrars import Registrars
from tests.journey.stage import ENTERPRISES

LABELS = ("A-1", "A-2")


class Ushers(Registrars):
    """The persons who give booths, record who came, and scan codes."""

    def attend(self, app: str) -> bool:
        """Record a participant as present or, in 30 % of the cases, absent."""
        command = RecordAttendance(present=self.dice.random() < 0.7)
        facts = self._held(app)
        return self.world.do("application", app, command, facts, rule=record_attendance)

    def correct(self, app: str) -> bool:
        """Correct a recorded attendance."""
        command = CorrectAttendance(present=self.dice.random() < 0.5, reason="mistaken")
        by = {"actor": "another"}
        facts = self._held(app)
        return self.world.do("application", app, command, facts, rule=correct_attendance, **by)

    def scan(self, app: str) -> bool:
        """Scan the code of an applicant now, or send a scan of the day before."""
        plan = self.exhibition(exhibition_of(app)).plan
        facts = CheckInFacts(
            exhibition=self._held(app),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            booth=self.booths(exhibition_of(app)).get(enterprise_of(app)),
        )
        before = self.world.now - timedelta(days=1)
        scanned_at = before if self.dice.random() < 0.3 else None
        command = CheckInParticipant(check_in_code="read", scanned_at=scanned_at)
        return self.world.do("application", app, command, facts, rule=check_in_participant)

    def undo_scan(self, ex: str) -> bool:
        """Undo any check-in of an exhibition, as another officer or as the same one."""
        states = [self.world.state("application", app) for app in self.applications(ex)]
        found = [(state, each.day) for state in states for each in state.check_ins]
        if not found:
            return False
        state, day = self.dice.choice(found)
        app = application_id(ex, state.enterprise)
        command = UndoCheckIn(day=day, reason="mistaken")
        by = {"actor": self.dice.choice(("another", "another", "someone"))}
        facts = self._held(app)
        return self.world.do("application", app, command, facts, rule=undo_check_in, **by)

    def assign_booths(self, ex: str) -> bool:
        """Give any enterprises any booths; a booth holds two, and there is one."""
        named = self.dice.sample(sorted(self.booths(ex)) or ENTERPRISES, k=1)
        assignments = tuple(
            BoothAssignment(enterprise=name, booth=self.dice.choice(LABELS)) for name in named
        )
        command = AssignBooths(assignments=assignments)
        facts = FloorPlanFacts(exhibition=self.exhibition(ex))
        return self.world.do("floor-plan", ex, command, facts, rule=assign_booths)

    def take_back_booths(self, ex: str) -> bool:
        """Take the booth of any participant back."""
        named = self.dice.choice(sorted(self.booths(ex)) or ENTERPRISES)
        command = TakeBackBooths(enterprises=(named,))
        facts = FloorPlanFacts(exhibition=self.exhibition(ex))
        return self.world.do("floor-plan", ex, command, facts, rule=take_back_booths)

    def booths(self, ex: str) -> dict[str, str | None]:
        """Return the booths of the participants of an exhibition."""
        plan = self.world.state("floor-plan", ex)
        return dict(plan.booths) if plan else {}

    def _held(self, app: str) -> ExhibitionFacts:
        return ExhibitionFacts(exhibition=self.exhibition(exhibition_of(app)).status)
