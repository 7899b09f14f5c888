"""The HTTP routes of registration: a module per noun."""

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
"""Who may read programmes and exhibitions: everybody but the platform's operators."""

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
"""Who may read enterprises and applications; an enterprise only its own, curators neither."""
