"""The people of the demonstration, and the tokens by which the services know them.

Rules compare people by actor, not by role: so each office has an actor of its own, and the
demonstration also tries acts that a person may not do alone.
"""

from dataclasses import dataclass, field
from pathlib import Path

from gelar.issuer import issue_token


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person with a role; a representative speaks for a single enterprise, once it has an id."""

    actor: str
    role: str
    enterprise: str | None = None


PROGRAMME_OFFICER = Person(actor="officer-programme", role="programme-officer")
VERIFIER = Person(actor="officer-verification", role="verification-officer")
SECOND_VERIFIER = Person(actor="officer-verification-2", role="verification-officer")
IMPORTER = Person(actor="officer-dinas", role="verification-officer")
SECRETARY = Person(actor="officer-selection", role="selection-officer")
APPROVER = Person(actor="approver-deputy", role="approver")
TECHNICAL_APPROVER = Person(actor="approver-technical", role="approver")
TREASURER = Person(actor="officer-budget", role="budget-officer")
PAYMASTER = Person(actor="officer-payment", role="payment-officer")
CASHIER = Person(actor="officer-disbursement", role="payment-officer")
REPORTER = Person(actor="officer-reporting", role="reporting-officer")
RATE_OFFICER = Person(actor="officer-rates", role="reporting-officer")
OPERATOR = Person(actor="operator", role="operator")
AUDITOR = Person(actor="auditor", role="auditor")
SECRETARY_AS_APPROVER = Person(actor=SECRETARY.actor, role="approver")
TREASURER_AS_PAYMASTER = Person(actor=TREASURER.actor, role="payment-officer")


def curator(actor: str) -> Person:
    """Return a member of a panel."""
    return Person(actor=actor, role="curator")


def representative(actor: str, enterprise: str | None = None) -> Person:
    """Return the representative of an enterprise, or of an enterprise that is to be registered."""
    return Person(actor=actor, role="enterprise", enterprise=enterprise)


@dataclass(frozen=True)
class Tokens:
    """Tokens of the local issuer, one for each person."""

    keys: Path
    _issued: dict[Person, str] = field(default_factory=dict)

    def of(self, person: Person) -> str:
        """Return this person's token, valid for an hour."""
        if person not in self._issued:
            self._issued[person] = issue_token(
                self.keys, actor=person.actor, roles=[person.role], enterprise=person.enterprise
            )
        return self._issued[person]
