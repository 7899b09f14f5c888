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
"""The roles that see names, figures, numbers of documents and words, as the enterprise does."""

NAME_READERS = frozenset({Role.PROGRAMME_OFFICER, Role.REPORTING_OFFICER, *PRIVATE_READERS})
"""The roles that know applicants by name and find them by it."""

SELECTING = frozenset({Role.CURATOR, Role.SELECTION_OFFICER, Role.APPROVER})
"""The roles that select: they read names with a pass of selection, which knows their conflicts."""

WORD_READERS = frozenset({Role.PROGRAMME_OFFICER, *PRIVATE_READERS})
"""The roles that see an officer's words about targets or an exhibition."""


def sees_private(reader: Caller, enterprise: str) -> bool:
    """Return True if a reader may see what is private of this enterprise."""
    is_itself = Role.ENTERPRISE in reader.roles and reader.enterprise == enterprise
    return is_itself or bool(PRIVATE_READERS & reader.roles)


def knows_names(reader: Caller) -> bool:
    """Return True if a reader knows all applicants by name."""
    if PRIVATE_READERS & reader.roles:
        return True
    selects = SELECTING & (reader.roles | reader.other_roles)
    return bool(NAME_READERS & reader.roles) and not selects


def sees_name(reader: Caller, enterprise: str) -> bool:
    """Return True if a reader may see the name of this enterprise."""
    return sees_private(reader, enterprise) or knows_names(reader)
