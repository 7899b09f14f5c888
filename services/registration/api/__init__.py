"""The API of registration: a module of routes per aggregate, and the loaders of facts."""

from shared.http import Caller, Role

PUBLIC_READERS = (
    "programme-officer",
    "verification-officer",
    "selection-officer",
    "curator",
    "approver",
    "budget-officer",
    "payment-officer",
    "reporting-officer",
    "enterprise",
    "auditor",
    "ministry-system",
)
"""The roles that may read programmes and exhibitions: all except the platform's operators."""

APPLICANT_READERS = (
    "programme-officer",
    "verification-officer",
    "selection-officer",
    "approver",
    "reporting-officer",
    "auditor",
    "ministry-system",
    "enterprise",
)
"""The roles that may read enterprises and applications.

An enterprise may read only its own; a curator may read neither.
"""

PRIVATE_READERS = frozenset({Role.VERIFICATION_OFFICER, Role.AUDITOR})
"""The roles that see names, numbers of documents and words, as the enterprise itself does."""


WORD_READERS = frozenset({Role.PROGRAMME_OFFICER, *PRIVATE_READERS})
"""The roles that see an officer's words about targets or an exhibition."""


def sees_private(reader: Caller, enterprise: str) -> bool:
    """Return True if a reader may see what is private of this enterprise."""
    is_itself = Role.ENTERPRISE in reader.roles and reader.enterprise == enterprise
    return is_itself or bool(PRIVATE_READERS & reader.roles)
