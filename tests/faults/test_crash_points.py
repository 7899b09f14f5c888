"""A process is killed at every point between a command's arrival and the last view's commit.

All selected points are played in scenes of a few points, several scenes at once, because a scene
mostly waits for a dead worker's session to end. Each point then has a test of its own that checks
its scene.
"""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from shared.settings import Settings
from tests.faults.few_at_once import few_at_once
from tests.faults.points import ELSEWHERE, POINTS, Point
from tests.faults.processes import Nursery
from tests.faults.scenes import Scene

SCENES = {"shop": 2, "till": 7}


@pytest.fixture(scope="module")
async def scenes(
    request: pytest.FixtureRequest,
    children: Nursery,
    module_settings: Settings,
) -> list[Scene]:
    """Play the scenes of all points whose tests were selected."""
    selected = _selected(request)
    played = [
        Scene(children=children, settings=_apart(module_settings), victim=victim, points=points)
        for victim, many in SCENES.items()
        for points in _cut([point for point in selected if point.service == victim], many)
    ]
    outcomes = await few_at_once(scene.play() for scene in played)
    for scene, outcome in zip(played, outcomes, strict=True):
        scene.error = repr(outcome) if outcome else ""
    return played


def _selected(request: pytest.FixtureRequest) -> list[Point]:
    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    parameters = (item.callspec.params for item in items if hasattr(item, "callspec"))
    points = [each["point"] for each in parameters if isinstance(each.get("point"), Point)]
    return [point for point in POINTS if point in points]


def _cut(points: Sequence[Point], parts: int) -> list[Sequence[Point]]:
    size = max(1, -(-len(points) // parts))
    return [points[start : start + size] for start in range(0, len(points), size)]


def _apart(settings: Settings) -> Settings:
    return settings.model_copy(update={"namespace": f"t{uuid4().hex[:12]}"})


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.words)
async def test_a_process_killed_here_loses_nothing_and_doubles_nothing(
    point: Point, scenes: list[Scene]
) -> None:
    (scene,) = (scene for scene in scenes if point in scene.points)
    assert point in scene.died, f"no process died at this point: {scene.error}"
    assert (scene.error, scene.differences) == ("", [])
    assert scene.callers.answers.keys() == scene.callers.orders.keys()


async def test_no_await_on_the_way_is_without_a_point(scenes: list[Scene]) -> None:
    if sum(len(scene.points) for scene in scenes) < len(POINTS):
        pytest.skip("run this whole file: only all points together show the whole way")
    passed = {site for scene in scenes for site in scene.passed}
    elsewhere = {site for sites in ELSEWHERE.values() for site in sites}
    unnamed = passed - elsewhere - {point.site for point in POINTS}
    unnamed = {site for site in unnamed if not site.split(":")[0].endswith(("prepare", "renew"))}
    assert not unnamed, f"give these a point in tests/faults/points.py, or a reason: {unnamed}"
