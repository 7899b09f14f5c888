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
"""Who may read the figures and rates; outcomes also by the enterprise that they are of."""
