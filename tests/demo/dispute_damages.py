"""Damages of objections, forged into a round that has none or some."""

from typing import Any

from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.topics import Fact
from tests.demo.damage import Damage
from tests.demo.forgeries import first

ESCROW = "A seat in escrow has an open objection, and no seat is offered before its time"
DECISION = "An objection is decided by a person without a part in the selection, once"
IN_TIME = "Every objection is filed in time, and decided before the decree"
NEVER = "2999-12-31T00:00:00Z"
FILED: dict[str, Any] = {"counts_for": [], "same_owner": []}


def first_with(evidence: Evidence, word: str) -> Fact:
    """Return the approval of a round that has such an event, too."""
    id = first(evidence, "round", word).subject
    return first(evidence, "round", "selection-approved", exhibition=id)


def forge(evidence: Evidence, word: str, *, decreed: bool = False, **data: object) -> Fact:
    """Let the event after an approval, of the approver itself, be this event of an objection."""
    follower = "participants-decreed" if decreed else "place-offered"
    approved = first_with(evidence, follower)
    facts = evidence.topics.of("round")[approved.subject]
    whole = {"application": approved.data["selected"][-1], **data}
    own = {name: approved.data[name] for name in ("exhibition", "programme", "scope")}
    forged = approved._replace(word=word, data=own | whole)
    facts.insert(facts.index(approved) + 1, forged)
    return forged


DISPUTE_DAMAGES = [
    Damage(ESCROW, "offered while the window is open",
           lambda e: first_with(e, "place-offered").data.update(objections_until=NEVER)),
    Damage(ESCROW, "in escrow for no objection",
           lambda e: forge(e, "place-escrowed", objection="none")),
    Damage(DECISION, "decided by the approver of the selection, without an objection",
           lambda e: forge(e, "objection-dismissed")),
    Damage(IN_TIME, "filed without a time for objections",
           lambda e: forge(e, "objection-filed", **FILED)),
    Damage(IN_TIME, "never decided",
           lambda e: forge(e, "objection-filed", decreed=True, **FILED)),
]  # fmt: skip
