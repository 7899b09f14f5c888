"""A small year on real servers: it reconciles, a seed has one report, and every check can fail."""

import asyncio
import io
from copy import deepcopy
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
import uvloop
from rich.console import Console

from demo.fiction.generator import world_of
from demo.privacy import privacy_check
from demo.programme_2018.programme import SMALL, programme_of
from demo.report import show_report
from demo.report_file import document_of
from demo.run import Performance
from deploy.local.servers import Servers
from gelar.checking.invariants.catalogue import all_checks, outcomes_of
from gelar.checking.invariants.check import Evidence
from tests.demo.damages import DAMAGES, Damage

SEED = 7
NAMESPACE = f"t{uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True)
class Played:
    """Two performances of one seed, and the evidence of the second one."""

    first: Performance
    second: Performance
    evidence: Evidence


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
    assert second.evidence is not None
    return Played(first=first, second=second, evidence=second.evidence)


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
    printed = narrow.file.getvalue()
    amounts = [outcome["amount_idr"] for outcome in played.second.report["outcomes"]]
    amounts += [item["pagu_idr"] for item in played.second.report["budget"]]
    assert [amount for amount in amounts if f"{amount:,}" not in printed] == []


def test_what_is_fictional_is_said_on_screen(played: Played) -> None:
    file = played.second.console.file
    assert isinstance(file, io.StringIO)
    for words in ("FICTIONAL", "116.75 %", "181.67 %", "n/a", "waited for money"):
        assert words in file.getvalue()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: f"{damage.check}: {damage.words}")
def test_a_check_finds_its_damage(played: Played, damage: Damage) -> None:
    evidence = deepcopy(played.evidence)
    damage.make(evidence)
    (outcome,) = (found for found in outcomes_of(evidence) if found.name == damage.check)
    assert outcome.differences
    assert "cannot be read" not in outcome.differences[0]


def test_every_check_has_a_damage() -> None:
    assert {damage.check for damage in DAMAGES} == {check.name for check in all_checks()}


def test_every_check_of_the_audit_compares_something(played: Played) -> None:
    empty = [item.name for item in outcomes_of(played.evidence) if item.compared.startswith("0 ")]
    assert empty == []


def test_a_name_in_a_topic_is_found(played: Played) -> None:
    world = world_of(programme_of(SMALL), SEED)
    enterprise = world.enterprises[0]
    known = replace(enterprise, form=enterprise.form | {"name": "kukm-2018-1"})
    world = replace(world, enterprises=(known, *world.enterprises[1:]))
    assert privacy_check(world).outcome(played.evidence).differences


def test_evidence_that_does_not_fit_together_is_a_difference(played: Played) -> None:
    evidence = deepcopy(played.evidence)
    evidence.topics.facts["allocation"].clear()
    evidence.topics.facts["envelope"]["2018.DOMESTIC"][0].data.clear()
    assert any("cannot be read" in text for o in outcomes_of(evidence) for text in o.differences)
