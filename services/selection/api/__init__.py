"""How people reach selection: a module of routes per noun, and the facts that routes load."""

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
"""Who may read rubrics and what of rounds is public; an enterprise learns its own result from
registration."""
