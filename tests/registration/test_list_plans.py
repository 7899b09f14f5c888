"""No route that lists scans a collection: an index answers each question, at 100,000 applications.

The lists are those of the application itself, with each of their filters in each of their orders,
so a new list, filter or order without an index fails here. The database says how it answered: its
profiler records the plan of every query and how many documents it read.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, EnumType
from itertools import product
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.routing import APIRoute
from pymongo import MongoClient

from services.registration.app import routers, service
from shared.clock import write_clock
from shared.settings import Settings
from tests.given import NOW
from tests.long_tests import long_test
from tests.publishing import Publisher
from tests.registration.examples import EXHIBITION
from tests.registration.registry import (
    APPLICANT,
    AUDITOR,
    PLANNER,
    VERIFIER,
    Registry,
    approved,
    form,
)
from tests.registration.spreadsheets import csv_of, row
from tests.registration.test_api_documents import filed
from tests.registration.test_api_imports import imported
from tests.registration.test_api_issued_documents import DOCUMENTS, MINUTES
from tests.registration.test_dossier import CURATOR, pass_of, read
from tests.serving import served

FEW = 2_000
"""More exhibitions than in a hundred years; for each of the other kinds, enough to see a scan."""
NUMBERS = {
    **dict.fromkeys(("exhibition", "programme", "rule-set", "enterprise", "document"), FEW),
    **dict.fromkeys(("suspicion", "import", "issued-document"), FEW),
    "application": 100_000,
}
LIMIT = 20
PAGE = ("limit", str(LIMIT))
READ_MAX = 5 * LIMIT
"""So many documents a query may read for a page: its own, and some that it passes over."""

WORDS = {"limit", "cursor", "sort", "after"}
"""The parameters of lists that are no filters."""
VALUES = {
    "programme": "2018",
    "exhibition": "exhibition-7",
    "enterprise": "enterprise-7",
    "party": "enterprise-7",
    "province": "ID-JK",
    "sector": "14",
    "outcome": "MALFORMED",
    "month": "2018-04",
    "city": "Jakarta",
    "slot": "slot-7",
    "day": "2018-04-25",
    "task": "verify-application",
}
"""A value of each filter that is no list of words."""
PATHS = {
    "/exhibitions/{exhibition}/booths": "/exhibitions/exhibition-7/booths",
    "/exhibitions/{exhibition}/briefings": "/exhibitions/exhibition-7/briefings",
    "/exhibitions/{exhibition}/attendance": "/exhibitions/exhibition-7/attendance",
    "/exhibitions/{exhibition}/candidate-names": "/exhibitions/exhibition-7/candidate-names",
    "/enterprises/{enterprise}/documents": "/enterprises/enterprise-7/documents",
    "/enterprises/{enterprise}/history": "/enterprises/enterprise-7/history",
    "/exhibitions/{exhibition}/issued-documents": "/exhibitions/exhibition-7/issued-documents",
    "/enterprises/{enterprise}/letters": "/enterprises/enterprise-7/letters",
    "/enterprises/{enterprise}/participations": "/enterprises/enterprise-7/participations",
}
ROLES = {
    "/tasks": (VERIFIER, PLANNER, APPLICANT),
    "/enterprises/mine": (APPLICANT,),
    "/exhibitions/{exhibition}/candidate-names": (CURATOR,),
}
"""The lists that are not read by an auditor."""
REQUIRED = {"/coaching-list": {"province": "ID-JK"}}


@pytest.fixture
async def crowded(
    settings: Settings, token_keys: Path, tmp_path: Path
) -> AsyncIterator[tuple[Registry, str]]:
    """Yield a registry with a real record of each kind and many copies, and the id of an import."""
    write_clock(tmp_path / "clock", NOW)
    settings = settings.model_copy(update={"clock_file": tmp_path / "clock"})
    async with served(service, routers, settings, token_keys) as api:
        registry = Registry(api=api, publisher=Publisher(settings), clock_file=tmp_path / "clock")
        await registry.calling()
        own = await registry.submitted(0)
        await filed(registry, own)
        # A number that is taken leaves a suspicion.
        await registry.sends(VERIFIER, "/enterprises", form(0), actor="another")
        await registry.receives(EXHIBITION, approved([own]))
        await registry.done(PLANNER, DOCUMENTS, MINUTES)
        table = await imported(registry, csv_of([row(1, npwp="1")]))
        await asyncio.to_thread(_copy_all, settings, service.engine.database.name)
        yield registry, table


def _copy_all(settings: Settings, name: str) -> None:
    # A client that waits as long as it takes.
    with MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value()) as client:
        for kind, number in NUMBERS.items():
            real = client[name][kind].find_one({})
            assert real is not None, kind
            client[name][kind].aggregate(_copies(kind, real, number))


def _copies(kind: str, real: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return the stages by which the database makes copies of a record, of other subjects."""
    few = {"$toString": {"$mod": ["$n", FEW]}}
    group = {"$toString": {"$toInt": {"$floor": {"$divide": ["$n", FEW]}}}}
    id: dict[str, Any] = {"$concat": [f"{kind}-", {"$toString": "$n"}]}
    if kind == "application":
        id = {"$concat": ["exhibition-", few, ".enterprise-", group]}
    others = {
        name: {"$concat": [f"{name}-", few]}
        for name in ("enterprise", "exhibition", "registered_by")
        if name in real["state"]
    }
    if kind == "issued-document":
        others["slot"] = {"$concat": ["slot-", {"$toString": "$n"}]}
    changed = {"_id": id, "state": {"$mergeObjects": ["$real.state", others]}, "outbox": []}
    return [
        {"$match": {"_id": real["_id"]}},
        {"$project": {"_id": 0, "real": "$$ROOT", "n": {"$range": [0, number]}}},
        {"$unwind": "$n"},
        {"$replaceRoot": {"newRoot": {"$mergeObjects": ["$real", changed]}}},
        {"$unset": "deadline"},
        {"$merge": {"into": kind, "whenMatched": "fail"}},
    ]


@dataclass(frozen=True)
class Asked:
    """A question to a list: its role, its path and its parameters."""

    role: str
    path: str
    parameters: tuple[tuple[str, str], ...]


def questions(table: str) -> Iterator[Asked]:
    """Yield each list of the application with each filter in each order."""
    for route in (each for router in routers for each in router.routes):
        assert isinstance(route, APIRoute)
        parameters = _parameters(route)
        if "GET" not in (route.methods or ()) or "limit" not in parameters:
            continue
        path = PATHS.get(route.path, route.path.replace("{import}", table))
        assert "{" not in path, f"{route.path}: name a path of this list in PATHS"
        fixed = REQUIRED.get(route.path, {})
        filters: list[dict[str, str]] = [{}]
        for name in parameters.keys() - WORDS - fixed.keys():
            filters += [{name: value} for value in _values(name, parameters[name])]
        for role, chosen, order in product(
            ROLES.get(route.path, (AUDITOR,)), filters, _orders(route)
        ):
            yield Asked(role, path, tuple({**fixed, **chosen, **order}.items()))


def _parameters(route: APIRoute) -> dict[str, Any]:
    """Return the type of each query parameter of a route, also those of its dependencies."""
    waiting, found = [route.dependant], dict[str, Any]()
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        for field in dependant.query_params:
            found[field.alias] = field.field_info.annotation
    return found


def _values(name: str, annotation: Any) -> list[str]:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, EnumType):
            members: Iterable[Enum] = each
            return [str(member.value) for member in members]
        if each is bool:
            return ["true", "false"]
    assert name in VALUES, f"name a value of the filter `{name}` in VALUES"
    return [VALUES[name]]


def _orders(route: APIRoute) -> list[dict[str, str]]:
    """Return the orders of a list, as its parameter `sort` names them."""
    for dependant in route.dependant.dependencies:
        for field in dependant.query_params:
            if field.alias == "sort":
                about = field.field_info.description or ""
                named = about.partition(": ")[2].rstrip(".").split(", ")
                return [{"sort": each} for each in named]
    return [{}]


@contextmanager
def profiled(settings: Settings, name: str) -> Iterator[list[dict[str, Any]]]:
    """Record each query of a block, with its plan; the list has them after the block."""
    plans: list[dict[str, Any]] = []
    with MongoClient[dict[str, Any]](settings.mongo_uri.get_secret_value()) as client:
        database = client[name]
        database.drop_collection("system.profile")
        database.create_collection("system.profile", capped=True, size=128 * 2**20)
        database.command("profile", 2)
        try:
            yield plans
        finally:
            database.command("profile", 0)
        asked = {"op": {"$in": ["query", "command"]}, "planSummary": {"$exists": True}}
        plans += database["system.profile"].find(asked)


async def ask(registry: Registry, asked: Asked, query: str) -> httpx.Response:
    """Return the answer to a question; a curator has a pass to the exhibition."""
    own = {"enterprise": "enterprise-7"} if asked.role == APPLICANT else {}
    given = pass_of(registry, "curator-1", "exhibition-7") if asked.role == CURATOR else None
    return await read(registry, asked.role, f"{asked.path}{query}", given, **own)


@long_test
async def test_no_list_reads_more_than_its_page(crowded: tuple[Registry, str]) -> None:
    registry, table = crowded
    engine = registry.api.service.engine
    asked = list(questions(table))
    answered = 0
    with profiled(engine.settings, engine.database.name) as plans:
        for each in asked:
            answer = await ask(registry, each, f"?{urlencode([*each.parameters, PAGE])}")
            refused = answer.status_code == 422 and answer.json()["code"] == "sort-needs-filter"
            assert answer.is_success or refused, (each, answer.text)
            answered += answer.is_success
            if answer.is_success and (following := answer.json().get("next")):
                assert (await ask(registry, each, following)).is_success
    assert answered > 100
    seen = {plan["ns"].partition(".")[2] for plan in plans}
    assert seen.issuperset(NUMBERS)
    assert [_told(plan) for plan in plans if _is_scan(plan)] == []
    # The profiler does tell a scan, and a question that an index answers only in part.
    with profiled(engine.settings, engine.database.name) as plans:
        applications = engine.database.collection("application")
        await applications.find_one({"state.words": "no such words"})
        await applications.find_one({"state.status": "SUBMITTED", "state.words": "no such words"})
    assert [plan["ns"].partition(".")[2] for plan in plans if _is_scan(plan)] == ["application"] * 2


def _is_scan(plan: dict[str, Any]) -> bool:
    if plan["ns"].partition(".")[2] not in NUMBERS:
        return False
    return "COLLSCAN" in plan["planSummary"] or plan.get("docsExamined", 0) > READ_MAX


def _told(plan: dict[str, Any]) -> tuple[str, str, int, str]:
    return plan["ns"], plan["planSummary"], plan["docsExamined"], str(plan["command"])[:300]
