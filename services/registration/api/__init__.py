"""The API of registration: a module of routes per aggregate, and the loaders of facts."""

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
