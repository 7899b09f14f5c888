"""A small year on real servers: it reconciles, a seed has one report, and every check can fail."""

import asyncio
import io
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pymongo
import pytest
import uvloop
from rich.console import Console

from demo.generator import World, world_of
from demo.programme import SMALL, programme_of
from demo.reconciliation import checks_of
from demo.reconciling.books import read_books
from demo.reconciling.checks import Evidence
from demo.reconciling.published import Published, read_published
from demo.report import show_report
from demo.report_file import document_of
from demo.run import Performance
from deploy.local.servers import Servers
from shared.settings import Settings

SEED = 7
NAMESPACE = f"t{uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True)
class Played:
    """Two performances of one seed; what the second one left can be looked at."""

    first: Performance
    second: Performance
    settings: Settings
    world: World
    published: Published

    async def differing(self) -> set[str]:
        """The names of the checks that differ now."""
        evidence = Evidence(books=await read_books(self.settings), published=self.published)
        checks = checks_of(evidence, self.world, self.second.report)
        return {item.name for item in (check.made(evidence) for check in checks) if not item.good}


@pytest.fixture(scope="module")
def played(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
        patch.setenv("KUKM_MONGO_URI", servers.mongo_uri)
        patch.setenv("KUKM_NAMESPACE", NAMESPACE)
        first, second = (
            Performance(
                console=Console(file=io.StringIO(), width=140),
                folder=folder,
                seed=SEED,
                scale=SMALL,
            )
            for _ in range(2)
        )
        for performance in (first, second):
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                performance.play(runner)
    settings = Settings(
        environment="local",
        namespace=f"{NAMESPACE}-demo",
        kafka_bootstrap_servers=servers.kafka_bootstrap,
        mongo_uri=servers.mongo_uri,
        jwks_file=folder / "keys" / "jwks.json",
        parts="api",
    )
    return Played(
        first=first,
        second=second,
        settings=settings,
        world=world_of(programme_of(SMALL), SEED),
        published=read_published(settings),
    )


def test_everything_reconciles(played: Played) -> None:
    differences = [line for check in played.second.checks for line in check.differences]
    assert differences == []
    assert played.second.good


def test_a_seed_has_one_report(played: Played) -> None:
    first, second = (document_of(item) for item in (played.first, played.second))
    for document in (first, second):
        del document["times"], document["reconciliation"]
    assert first == second
    assert first["ours"]["mihas-2018"]


def test_no_amount_is_cut_on_a_narrow_terminal(played: Played) -> None:
    narrow = Console(file=io.StringIO(), width=80)
    show_report(narrow, played.second.report, SEED)
    assert isinstance(narrow.file, io.StringIO)
    told = narrow.file.getvalue()
    amounts = [outcome["amount_idr"] for outcome in played.second.report["outcomes"]]
    amounts += [item["pagu_idr"] for item in played.second.report["budget"]]
    assert [amount for amount in amounts if f"{amount:,}" not in told] == []


def test_what_is_fictional_is_said_on_screen(played: Played) -> None:
    file = played.second.console.file
    assert isinstance(file, io.StringIO)
    for words in ("FICTIONAL", "116.75 %", "181.67 %", "n/a", "waited for money"):
        assert words in file.getvalue()


@dataclass(frozen=True, kw_only=True)
class Damage:
    """A change of a document in a service's database."""

    service: str
    kind: str
    where: dict[str, Any]
    change: dict[str, Any]


CONTRACT = "state.contracts.K-ifex-2018.contracted_by"
DAMAGES = {
    "Events of application applied": Damage(
        service="reporting", kind="v1.mirror.application", where={}, change={"$inc": {"last": 1}}
    ),
    "Database of reporting = its history": Damage(
        service="reporting", kind="v1.tally.funnel", where={}, change={"$inc": {"numbers.x": 1}}
    ),
    "Database of selection = its history": Damage(
        service="selection",
        kind="history",
        where={"_id": {"$regex": "^round/"}},
        change={"$set": {"type": "id.go.kukm.selection.round-cancelled.v1"}},
    ),
    "Seats never exceed the places; the next reserve follows": Damage(
        service="selection",
        kind="round",
        where={"_id": "ifex-2018"},
        change={"$set": {"state.seats": {}}},
    ),
    "One application each; no number belongs to two enterprises": Damage(
        service="registration",
        kind="application",
        where={},
        change={"$set": {"state.enterprise": "another"}},
    ),
    "No failed requirement was made up for": Damage(
        service="registration",
        kind="application",
        where={"state.status": "ATTENDED"},
        change={"$set": {"state.documents": []}},
    ),
    "Three sealed independent sheets at least, none of a conflicted curator": Damage(
        service="selection",
        kind="candidate",
        where={"state.seal": {"$ne": None}},
        change={"$set": {"state.sheets": []}},
    ),
    "Every ranking recomputes from the sealed sheets": Damage(
        service="selection",
        kind="candidate",
        where={"state.seal": {"$ne": None}},
        change={"$set": {"state.seal.score": 1}},
    ),
    "Who approved neither scored nor proposed": Damage(
        service="selection",
        kind="round",
        where={"_id": "ifex-2018"},
        change={"$set": {"state.proposal.proposed_by": "approver-deputy"}},
    ),
    "Who contracted neither ordered nor paid": Damage(
        service="budget",
        kind="allocation",
        where={"_id": "ifex-2018"},
        change={"$set": {CONTRACT: "officer-payment"}},
    ),
    "Realised = paid by SP2D numbers that are used once": Damage(
        service="budget",
        kind="allocation",
        where={"_id": "ifex-2018"},
        change={"$set": {"state.contracts.K-ifex-2018.payments": {}}},
    ),
    "Rupiah in = rupiah out, in every envelope and allocation": Damage(
        service="budget",
        kind="envelope",
        where={"_id": "2018.DOMESTIC"},
        change={"$inc": {"state.pagu_idr": 1}},
    ),
    "Only places on the annex cost; a no-show is a sunk cost": Damage(
        service="selection",
        kind="round",
        where={"_id": "ifex-2018"},
        change={"$set": {"state.decree": None}},
    ),
    "Rungs apart; no follow-up exceeds what it follows; devisa from the transaction": Damage(
        service="reporting", kind="outcome", where={}, change={"$inc": {"state.amount_idr": 1}}
    ),
    "Reporting's outcomes = the outcomes": Damage(
        service="reporting", kind="outcome", where={}, change={"$set": {"state.status": "VOID"}}
    ),
    "Seats, applications and money agree": Damage(
        service="registration",
        kind="application",
        where={"state.status": "ATTENDED"},
        change={"$set": {"state.status": "DECLINED"}},
    ),
    "Annex less amendments = live seats; no money idle, no free seat": Damage(
        service="selection",
        kind="round",
        where={"_id": "ifex-2018"},
        change={"$set": {"state.decree.annex": []}},
    ),
    "Reporting's budget = the books of budget": Damage(
        service="budget",
        kind="envelope",
        where={"_id": "2018.OVERSEAS"},
        change={"$inc": {"state.blocked_idr": 1}},
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
async def test_a_check_finds_what_is_wrong(played: Played, servers: Servers, name: str) -> None:
    damage = DAMAGES[name]
    with pymongo.MongoClient[dict[str, Any]](servers.mongo_uri) as client:
        database = client[f"{NAMESPACE}-demo-kukm-{damage.service}"]
        before = database[damage.kind].find_one(damage.where, sort=[("_id", 1)])
        assert before is not None
        database[damage.kind].update_one({"_id": before["_id"]}, damage.change)
        try:
            assert name in await played.differing()
        finally:
            database[damage.kind].replace_one({"_id": before["_id"]}, before)


async def test_a_name_in_a_topic_is_found(played: Played) -> None:
    enterprise = played.world.enterprises[0]
    known = replace(enterprise, form=enterprise.form | {"name": "kukm-2018-1"})
    world = replace(played.world, enterprises=(known, *played.world.enterprises[1:]))
    assert (
        "No name, NIK, NPWP or document number in any topic"
        in await replace(played, world=world).differing()
    )


async def test_a_wrong_figure_of_the_report_is_found(played: Played) -> None:
    wrong = Performance(
        console=played.second.console, folder=played.second.folder, seed=SEED, scale=SMALL
    )
    funnel = [item | {"count": item["count"] + 1} for item in played.second.report["funnel"]]
    achievement = [item | {"percent": "100.00"} for item in played.second.report["achievement"]]
    wrong.report = played.second.report | {"funnel": funnel, "achievement": achievement}
    assert await replace(played, second=wrong).differing() == {
        "Reporting's funnel = the events of the applications",
        "No target, no percentage",
    }
