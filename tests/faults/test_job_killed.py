"""A worker is killed in the midst of a job; another one ends it, and no row is lost or doubled."""

import pytest

from shared.settings import Settings
from tests.faults.points import AFTER, BEFORE, UNDER_WAY, Point
from tests.faults.processes import Nursery
from tests.kernel.deliveries import Delivery, delivering_shop, delivery, request
from tests.kernel.test_jobs import ITEMS, both, delivered, outcomes
from tests.long_tests import long_test
from tests.settled import settled


def _point(words: str, site: str, when: str) -> Point:
    return Point(words=words, service="delivering shop", site=site, when=when, at_start=True)


DO, KEEP = "Jobs._do: job.run_row", "JobRows.conclude: self._collection.update_one"
WRITE, FINISH = (
    "Aggregates.write: self.collection.update_one",
    "Jobs._finish: self._commands[job.kind].handle",
)
POINTS = (
    _point("the lease is taken", "Jobs._turn: turns.lease.take", AFTER),
    _point("rows are read", "Jobs._turn: rows.due", AFTER),
    _point("a row is to be done", DO, BEFORE),
    _point("half of a row is written", WRITE, AFTER),
    _point("a row is done, and its outcome not kept", DO, AFTER),
    _point("an outcome is under way", KEEP, UNDER_WAY),
    _point("an outcome is kept", KEEP, AFTER),
    _point("the job is to be finished", FINISH, BEFORE),
    _point("the job is finished, and its lease held", FINISH, AFTER),
)


@long_test
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.words)
async def test_a_job_whose_worker_is_killed_here_is_ended_by_another(
    point: Point, children: Nursery, settings: Settings
) -> None:
    service = delivering_shop()
    async with service.opened(settings.model_copy(update={"parts": frozenset({"api"})})):
        await request(service, "d1", ITEMS)
        killed = await children.start("delivering shop", settings, point=point)
        await killed.end()
        assert killed.at.is_set(), "the worker did not die at its point"
        other = await children.start("delivering shop", settings)
        await other.ready()
        await settled(service)
        expected = Delivery(status="FINISHED", outcomes={"DELIVERED": len(ITEMS)})
        assert await service.load(delivery, "d1") == expected
        assert {outcome for _, outcome, _ in await outcomes(service, "d1")} == {"DELIVERED"}
        assert await delivered(service) == both(ITEMS)
        await other.stop()
