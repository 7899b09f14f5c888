"""The routes of reporting: outcomes and rates as commands, figures as queries."""

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
