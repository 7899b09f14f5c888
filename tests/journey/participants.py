"""The actions about papers: renewed documents, commitment letters delivered and returned."""

from services.registration.domain.application.commitment import (
    DeliverCommitment,
    DeliveryFacts,
    ReturnCommitment,
    ReturnFacts,
    commitment_due_at,
    deliver_commitment,
    return_commitment,
)
from services.registration.domain.application.renewal import RenewDocuments, renew_documents
from services.registration.domain.application.state import Status as Applied
from shared.contracts.ids import enterprise_of
from shared.contracts.registration.application_codes import CommitmentProblem
from tests.journey.stage import file_letter, file_licence
from tests.journey.ushers import Ushers


class Participants(Ushers):
    """The persons of registration, with those who renew documents and deliver letters."""

    def renew(self, ex: str) -> bool:
        """File a licence without an end, mostly, and renew the documents of an application."""
        due = [app for app in self.applications(ex) if self.world.state("application", app).missing]
        if not due:
            return False
        app = self.dice.choice(due)
        by = {"actor": enterprise_of(app)}
        if self.dice.random() < 0.7:
            file_licence(self.world, enterprise_of(app))
        facts = self.submission(app)
        command = RenewDocuments()
        return self.world.do("application", app, command, facts, rule=renew_documents, **by)

    def commit(self, ex: str) -> bool:
        """File a signed letter and deliver it for an application that owes one, mostly."""
        due = [app for app in self.applications(ex) if self.owes_letter(app)]
        if not due or self.dice.random() < 0.2:
            return False
        app = self.dice.choice(due)
        letter = file_letter(self.world, enterprise_of(app))
        facts = DeliveryFacts(
            letter=self.world.state("document", letter), exhibition=self.exhibition(ex).status
        )
        command, by = DeliverCommitment(document=letter), {"actor": enterprise_of(app)}
        return self.world.do("application", app, command, facts, rule=deliver_commitment, **by)

    def return_letter(self, ex: str) -> bool:
        """Return the letter of a confirmed participant."""
        confirmed = [app for app in self.applications(ex) if self.stands(app, Applied.CONFIRMED)]
        if not confirmed:
            return False
        held, app = self.exhibition(ex), self.dice.choice(confirmed)
        command = ReturnCommitment(code=CommitmentProblem.NOT_SIGNED, reason="no signature", days=2)
        facts = ReturnFacts(exhibition=held.status, starts_on=held.plan.starts_on)
        return self.world.do("application", app, command, facts, rule=return_commitment)

    def owes_letter(self, app: str) -> bool:
        """Return True if an application awaits its commitment letter."""
        return commitment_due_at(self.world.state("application", app)) is not None
