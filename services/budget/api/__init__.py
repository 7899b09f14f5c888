"""The API of budget: a module of routes per aggregate, and the loaders of facts."""

from shared.http import Role

READERS = (
    "budget-officer",
    "payment-officer",
    "programme-officer",
    "approver",
    "auditor",
    "ministry-system",
)
"""The roles that may read envelopes and allocations; enterprises read neither."""

READERS_OF_PEOPLE = frozenset(
    {Role.BUDGET_OFFICER, Role.PAYMENT_OFFICER, Role.APPROVER, Role.AUDITOR}
)
"""The roles that see the officers of contracts and payments, and of released places."""

READERS_OF_WORDS = ("budget-officer", "approver", "auditor")
"""The roles that may also read what an officer wrote beside a code, and the officer's name."""
