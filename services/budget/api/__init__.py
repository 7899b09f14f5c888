"""The routes of budget: a module per noun."""

READERS = (
    "budget-officer",
    "payment-officer",
    "programme-officer",
    "approver",
    "auditor",
    "ministry-system",
)
"""Who may read envelopes and allocations; nothing here is sealed, and enterprises read neither."""
