"""A record that breaks an invariant of money is counted, each under its own name."""

from pathlib import Path
from typing import Any

from services.budget.app import routers, service
from services.budget.invariants import broken_invariants
from services.budget.views.own import AllocationUse, allocations, use
from shared.contracts.words import Scope
from shared.settings import Settings
from tests.budget.calls import OPENING
from tests.serving import served

NAMES = {
    "envelope-above-pagu",
    "commitments-above-pagu",
    "ceilings-above-allotments",
    "allocation-above-ceiling",
    "payments-above-contracts",
}


async def broken() -> set[str]:
    """Return the invariants that are broken, after checking that all of them are counted."""
    counted = await service.at_one_moment(broken_invariants)
    assert set(counted) == NAMES
    assert set(counted.values()) <= {0, 1}
    return {name for name, number in counted.items() if number}


def figures(**idr: int) -> dict[str, Any]:
    """Return the document of an allocation's mirror with these figures."""
    state = AllocationUse(programme="2018", scope=Scope.OVERSEAS)
    return {"last": 1, "parked": False, "state": {**vars(state), "scope": "OVERSEAS", **idr}}


async def test_each_broken_invariant_is_counted_by_its_name(
    settings: Settings, token_keys: Path
) -> None:
    async with served(service, routers, settings, token_keys) as api:
        answer = await api.command("budget-officer", "/envelopes", OPENING)
        database, projection = service.engine.database, service.engine.projection
        envelopes = database.collection("envelope")
        mirrors = projection.collection(allocations.name)
        cells = projection.collection(f"tally.{use.name}")
        assert await broken() == set()

        envelope = {"_id": answer.json()["id"]}
        await envelopes.update_one(envelope, {"$set": {"state.blocked_idr": 10}})
        # Less than nothing is left: that is below the commitments too.
        assert await broken() == {"envelope-above-pagu", "commitments-above-pagu"}
        await envelopes.update_one(envelope, {"$set": {"state.blocked_idr": 0}})

        cell = {"programme": "2018", "scope": "OVERSEAS"}
        await cells.insert_one({"_id": "x", "cell": cell, "numbers": {"reserved_idr": 10}})
        assert await broken() == {"commitments-above-pagu"}
        await cells.update_one({"_id": "x"}, {"$set": {"numbers": {"ceiling_idr": 1}}})
        assert await broken() == {"ceilings-above-allotments"}
        await cells.delete_one({"_id": "x"})

        await mirrors.insert_one({"_id": "a", **figures(reserved_idr=2, ceiling_idr=1)})
        assert await broken() == {"allocation-above-ceiling"}
        paid = figures(contracted_idr=1, ceiling_idr=1, realised_idr=2)
        await mirrors.replace_one({"_id": "a"}, paid)
        assert await broken() == {"payments-above-contracts"}
