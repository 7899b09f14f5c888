"""The roles that a token may carry, by their identifiers; any other name in a token means nothing.

Who does what is a matter of the routes: each names the roles that may, and a token acts on a route
only in those of its roles that the route names.
"""

from enum import StrEnum


class Role(StrEnum):
    """A role (peran), as tokens and routes write it."""

    PROGRAMME_OFFICER = "programme-officer"
    VERIFICATION_OFFICER = "verification-officer"
    SELECTION_OFFICER = "selection-officer"
    CURATOR = "curator"
    APPROVER = "approver"
    BUDGET_OFFICER = "budget-officer"
    PAYMENT_OFFICER = "payment-officer"
    REPORTING_OFFICER = "reporting-officer"
    ENTERPRISE = "enterprise"
    AUDITOR = "auditor"
    MINISTRY_SYSTEM = "ministry-system"
    OPERATOR = "operator"


KNOWN_ROLES: frozenset[str] = frozenset(role.value for role in Role)


def known(*roles: str) -> frozenset[str]:
    """Return these roles as a set; raises `ValueError` for no role or an unknown role.

    So a route with a misspelt role stops the start instead of shutting everybody out.
    """
    unknown = sorted(set(roles) - KNOWN_ROLES)
    if unknown or not roles:
        raise ValueError(f"{unknown or 'no role'}: name one or more of {sorted(KNOWN_ROLES)}")
    return frozenset(roles)
