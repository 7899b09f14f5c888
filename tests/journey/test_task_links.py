"""Every task of every service has the address and the method of a route that is there."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.budget import app as budget
from services.budget.api.tasks import TASKS as BUDGET_TASKS
from services.registration import app as registration
from services.registration.api.tasks import TASKS as REGISTRATION_TASKS
from services.reporting import app as reporting
from services.reporting.api.tasks import TASKS as REPORTING_TASKS
from services.selection import app as selection
from services.selection.api.tasks import TASKS as SELECTION_TASKS
from shared.http import Task

TASKS = (
    *((registration.routers, task) for task in REGISTRATION_TASKS),
    *((selection.routers, task) for task in SELECTION_TASKS),
    *((budget.routers, task) for task in BUDGET_TASKS),
    *((reporting.routers, task) for task in REPORTING_TASKS),
)


def route_of(routers: Iterable[APIRouter], method: str, path: str) -> APIRoute | None:
    """Return the route that answers this method and path."""
    routes = [route for router in routers for route in router.routes]
    return next(
        (
            route
            for route in routes
            if isinstance(route, APIRoute)
            and method in (route.methods or ())
            and route.path_regex.fullmatch(path)
        ),
        None,
    )


@pytest.mark.parametrize(("routers", "task"), TASKS)
def test_the_link_of_a_task_is_a_route_with_that_method(
    routers: tuple[APIRouter, ...], task: Task
) -> None:
    href = task.href.format(id="mihas-2018.a", first="mihas-2018", second="a")
    path, _, parameters = href.partition("?")
    route = route_of(routers, task.method, path)
    assert route is not None, f"{task.name}: {task.method} {path}"
    known = {field.alias for field in route.dependant.query_params}
    assert {name for name, _ in parse_qsl(parameters)} <= known


def test_a_link_without_a_route_is_found() -> None:
    assert route_of(selection.routers, "GET", "/rounds/mihas-2018/decree") is None
