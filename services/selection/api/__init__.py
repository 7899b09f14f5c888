"""The API of selection: a module of routes per aggregate, and the loaders of facts."""

READERS = (
    "programme-officer",
    "verification-officer",
    "selection-officer",
    "curator",
    "approver",
    "budget-officer",
    "reporting-officer",
    "auditor",
    "ministry-system",
)
"""The roles that may read rubrics and the public part of rounds.

An enterprise reads its own result from registration.
"""
