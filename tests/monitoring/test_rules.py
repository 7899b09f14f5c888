"""Alerts ask for what is exported, fire when they must, and lead to runbooks with commands."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.children import ROOT
from gelar.alert_rules import RESOURCE, RULES, resource
from gelar.commands import COMMANDS
from tests.long_tests import long_test
from tests.monitoring.alert_cases import CASES, Case, Series
from tests.monitoring.exported import names_in, series
from tests.monitoring.promtool import promtool

RUNBOOKS = ROOT / "docs" / "runbooks"
PARTS = ("## What it means", "## Look", "## Do", "## It is over when")
COMMAND = re.compile(r"^(?:kubectl|gelar|curl|make|kafka-[\w.-]+|mongosh) ", re.MULTILINE)
OF_KUBERNETES = {"kube_cronjob_status_last_successful_time"}
"""Metrics that kube-state-metrics exports."""
Rule = Mapping[str, Any]


def rules() -> list[Rule]:
    """Return every rule of the plain file."""
    groups = yaml.safe_load((ROOT / RULES).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> dict[str, Rule]:
    """Return the alerts by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def recorded() -> set[str]:
    """Return the names of the recorded figures."""
    return {rule["record"] for rule in rules() if "record" in rule}


def test_every_query_asks_for_an_exported_metric() -> None:
    known = series() | recorded() | OF_KUBERNETES
    for rule in rules():
        assert names_in(rule["expr"]) <= known, rule
        assert names_in(rule["expr"]), rule


def test_every_alert_says_how_bad_it_is_for_how_long_and_what_to_read() -> None:
    for name, alert in alerts().items():
        assert alert["labels"]["severity"] in ("critical", "warning"), name
        assert re.fullmatch(r"\d+[mh]", alert["for"]), name
        assert alert["annotations"]["summary"].endswith("."), name
        assert (ROOT / alert["annotations"]["runbook_url"]).is_file(), name


def test_every_runbook_has_its_parts_names_commands_and_belongs_to_an_alert() -> None:
    pages = {path: path.read_text() for path in RUNBOOKS.glob("*.md")}
    used = {ROOT / alert["annotations"]["runbook_url"] for alert in alerts().values()}
    assert set(pages) == used
    for name, alert in alerts().items():
        assert f"`{name}`" in pages[ROOT / alert["annotations"]["runbook_url"]], name
    for path, page in pages.items():
        places = [page.find(part) for part in PARTS]
        assert -1 not in places, path
        assert places == sorted(places), path
        assert COMMAND.search(page), path


def test_runbooks_name_metrics_and_commands_that_exist() -> None:
    for path in RUNBOOKS.glob("*.md"):
        page = path.read_text()
        named = set(re.findall(r"\b(?:kukm|messaging|http_server)_\w+", page))
        assert named <= series() | {each.removesuffix("_bucket") for each in series()}, path
        # `kubectl -n gelar` names the namespace.
        assert set(re.findall(r"(?<!-n )\bgelar ([a-z]+)", page)) <= set(COMMANDS), path


def test_the_resource_is_made_of_the_plain_rules() -> None:
    plain = (ROOT / RULES).read_text()
    assert (ROOT / RESOURCE).read_text() == resource(plain), "run `make docs`"
    assert yaml.safe_load(resource(plain))["spec"] == yaml.safe_load(plain)


def test_prometheus_takes_the_rules() -> None:
    assert "SUCCESS" in promtool(["check", "rules", ROOT / RULES])


def test_every_alert_has_a_case() -> None:
    assert set(CASES) == set(alerts())


@long_test
@pytest.mark.parametrize("fires", [True, False], ids=["fires", "quiet"])
def test_alerts_fire_on_what_they_are_for_and_on_nothing_else(tmp_path: Path, fires: bool) -> None:
    tests = [_test(name, CASES[name], fires=fires) for name in alerts()]
    path = tmp_path / "tests.yaml"
    content = {"rule_files": [str(ROOT / RULES)], "evaluation_interval": "1m", "tests": tests}
    path.write_text(json.dumps(content))
    assert "SUCCESS" in promtool(["test", "rules", path])


def _test(name: str, case: Case, *, fires: bool) -> dict[str, Any]:
    shown: Series = case.fires if fires else case.quiet
    alert = alerts()[name]
    expected = {
        "exp_labels": {**case.labels, **alert["labels"]},
        "exp_annotations": {
            key: _filled(text, case.labels) for key, text in alert["annotations"].items()
        },
    }
    return {
        "interval": "1m",
        "input_series": [{"series": each, "values": values} for each, values in shown.items()],
        "alert_rule_test": [
            {"eval_time": "85m", "alertname": name, "exp_alerts": [expected] if fires else []}
        ],
    }


def _filled(text: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels[found[1]], text)
