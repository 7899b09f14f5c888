"""The routes of reporting: outcomes and rates as commands, figures as queries."""

from shared.http import Caller, Role

READERS = (
    "programme-officer",
    "verification-officer",
    "selection-officer",
    "approver",
    "budget-officer",
    "payment-officer",
    "reporting-officer",
    "auditor",
    "ministry-system",
)
"""These roles may read figures, rates and outcomes; an enterprise may read its own outcomes."""

PRIVATE_READERS = frozenset({Role.REPORTING_OFFICER, Role.AUDITOR})
"""The roles that see the people and words behind rates and outcomes."""


def sees_private(reader: Caller, enterprise: str | None = None) -> bool:
    """Return True if a reader may see who reported and judged, and their words.

    An enterprise sees them of its own outcomes.
    """
    is_itself = Role.ENTERPRISE in reader.roles and reader.enterprise == enterprise
    return (enterprise is not None and is_itself) or bool(PRIVATE_READERS & reader.roles)
