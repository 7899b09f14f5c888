"""A small year on real servers: it reconciles, a seed has one report, and every check can fail.

`report_of_seed_7.json` is the report of that year, as another process once wrote it.
"""

import asyncio
import io
import json
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
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
from shared.contracts.registration.quota import FirstTimerGroup, Quota
from tests.demo.damage import Damage
from tests.demo.damages import DAMAGES
from tests.demo.flipped_attributes import flips_of
from tests.long_tests import long_test

pytestmark = long_test

SEED = 7
REPORT = Path(__file__).with_name("report_of_seed_7.json")
NAMESPACE = f"t{uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True)
class Played:
    """A performance of the seed, and its evidence."""

    performance: Performance
    evidence: Evidence


@pytest.fixture(scope="module")
def played(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
        patch.setenv("KUKM_MONGO_URI", servers.mongo_uri)
        patch.setenv("KUKM_NAMESPACE", NAMESPACE)
        console = Console(file=io.StringIO(), width=140)
        performance = Performance(console=console, folder=folder, seed=SEED, scale=SMALL)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            performance.play(runner)
    assert performance.evidence is not None
    return Played(performance=performance, evidence=performance.evidence)


def test_everything_reconciles(played: Played) -> None:
    differences = [line for check in played.performance.checks for line in check.differences]
    assert differences == []
    assert played.performance.good


def test_a_seed_has_one_report(played: Played, tmp_path: Path) -> None:
    document = document_of(played.performance)
    del document["times"], document["reconciliation"], document["version"]
    written = tmp_path / REPORT.name
    written.write_text(json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    assert written.read_text() == REPORT.read_text(), f"if this is meant: cp {written} {REPORT}"
    assert document["ours"]["mihas-2018"]


def test_a_flipped_attribute_changes_a_decision_by_a_declared_quota_or_among_equals_only(
    played: Played,
) -> None:
    answers = played.evidence.answers
    flips = [
        flip
        for proposal in answers.proposals.values()
        for flip in flips_of(proposal, answers.candidates)
    ]
    tried = Counter(flip.attribute for flip in flips)
    assert set(tried) == {"cooperative", "first_timer", "size_class", "sector", "province"}
    for flip in flips:
        if flip.quotas_change:
            continue
        # Without a quota the scores decide; the order of ties says who of equals is first.
        assert not flip.scores_change, flip
        if flip.attribute not in ("first_timer", "province"):
            assert not flip.changes, flip
    (most,) = sorted(answers.proposals.values(), key=lambda each: len(each["reserve"]))[-1:]
    firsts = Quota(code="pemula", group=FirstTimerGroup(form="first-timers"), maximum=1)
    declared = list(flips_of(most, answers.candidates, (firsts,)))
    assert any(flip.quotas_change and flip.changes for flip in declared), "so a quota would be seen"


def test_no_amount_is_cut_on_a_narrow_terminal(played: Played) -> None:
    narrow = Console(file=io.StringIO(), width=80)
    show_report(narrow, played.performance.report, SEED)
    assert isinstance(narrow.file, io.StringIO)
    printed = narrow.file.getvalue()
    report = played.performance.report
    amounts = [outcome["amount_idr"] for outcome in report["outcomes"]["items"]]
    amounts += [item["pagu_idr"] for item in report["budget"]["items"]]
    amounts += [item["net_idr"] for item in report["outcomes"]["devisa"]["items"]]
    assert [amount for amount in amounts if f"{int(amount):,}" not in printed] == []


def test_what_is_fictional_is_said_on_screen(played: Played) -> None:
    file = played.performance.console.file
    assert isinstance(file, io.StringIO)
    for words in ("FICTIONAL", "116.75 %", "181.67 %", "n/a", "waited for money"):
        assert words in file.getvalue()


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: f"{damage.check}: {damage.words}")
def test_a_check_finds_its_damage(played: Played, damage: Damage) -> None:
    evidence = deepcopy(played.evidence)
    damage.make(evidence)
    (check,) = (each for each in all_checks() if each.name == damage.check)
    outcome = check.outcome(evidence)
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
