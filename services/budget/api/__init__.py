"""The API of budget: a module of routes per aggregate, and the loaders of facts."""

READERS = (
    "budget-officer",
    "payment-officer",
    "programme-officer",
    "approver",
    "auditor",
    "ministry-system",
)
"""The roles that may read envelopes and allocations; enterprises read neither."""
