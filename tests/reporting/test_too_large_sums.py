"""A figure that the database cannot keep parks its event; the service goes on with all others."""

from pathlib import Path

from services.reporting.app import routers, service
from shared.settings import Settings
from tests.publishing import Publisher
from tests.reporting.desk import Desk
from tests.reporting.examples import applicant
from tests.reporting.test_api_outcomes import ANN, SALE
from tests.serving import served
from tests.settled import settled

LARGEST = 2**63 - 1
SALES_MAX = 40
"""A cell is kept for each partition: one of so many sales meets a full one."""


async def test_a_sum_beyond_64_bits_parks_its_event_and_others_are_counted(
    settings: Settings, token_keys: Path, tmp_path: Path
) -> None:
    clock_file = tmp_path / "clock"
    async with served(service, routers, settings, token_keys) as api:
        desk = Desk(api=api, publisher=Publisher(settings), clock_file=clock_file)
        await desk.holds_show(ANN)
        for number in range(SALES_MAX):
            await desk.done("/outcomes", {**SALE, "amount": str(number + 1)})
            cells = service.engine.projection.collection("tally.results")
            await cells.update_many({}, {"$set": {"numbers.amount_idr": LARGEST}})
            if (await service.progress())["parked_subjects"]:
                break
        progress = await service.progress()
        assert progress["parked_subjects"] == 1
        parked = [row async for row in service.engine.database.collection("parked").find({})]
        assert [row["reason"] for row in parked] == ["unstorable"]
        later = applicant("later")
        await desk.receives_journey(later)
        await settled(service)
        assert (await service.progress())["caught_up"]
