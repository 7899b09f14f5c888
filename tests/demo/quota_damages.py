"""Damages of quotas: a maximum that live seats exceed, and an application in another group."""

from typing import Any

from gelar.checking.invariants.check import Evidence
from shared.contracts.codes import DIVISIONS
from tests.demo.damage import Damage
from tests.demo.forgeries import change, first

EVERYBODY = {"form": "sectors", "sectors": sorted(DIVISIONS)}
CHECK = "No quota is exceeded, and an application counts for those of its groups"


def limit(evidence: Evidence, **bounds: int | None) -> None:
    """Let the call of an approved selection have a quota that counts every applicant."""
    quota: dict[str, Any] = {"code": "semua", "group": EVERYBODY, "minimum": 0, "maximum": None}
    quotas = [quota | bounds]
    found = evidence.topics.each("round", "selection-approved")
    id = next(fact.subject for fact in found if len(fact.data["selected"]) > 1)
    approval = first(evidence, "round", "selection-approved", exhibition=id)
    first(evidence, "round", "round-opened", exhibition=id).data["quotas"] = quotas
    first(evidence, "exhibition", "call-opened", exhibition=id).data["quotas"] = quotas
    listed = len(approval.data["selected"]) + len(approval.data["reserve"])
    approval.data.update(groups=[["semua"]], group_of=[0] * listed)


def forget_the_groups(evidence: Evidence) -> None:
    """Let no application of a round count for its quota."""
    limit(evidence, minimum=1)
    for fact in evidence.topics.each("round", "selection-approved"):
        fact.data.update(groups=[], group_of=[])


QUOTA_DAMAGES = [
    Damage(CHECK, "a maximum of one", lambda e: limit(e, maximum=1)),
    Damage(CHECK, "no groups", forget_the_groups),
    Damage(CHECK, "another quota of the round",
           lambda e: change(e, "round", "round-opened", quotas=[{
               "code": "semua", "group": EVERYBODY, "minimum": 0, "maximum": 2_000}])),
]  # fmt: skip
