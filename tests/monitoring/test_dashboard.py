"""The dashboard is sound JSON for Grafana, and each of its queries asks for an exported metric."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from deploy.local.children import ROOT
from gelar.alert_rules import FOLDER
from tests.monitoring.exported import families, names_in, series
from tests.monitoring.promtool import promtool
from tests.monitoring.test_rules import recorded, rules

DASHBOARD = json.loads((ROOT / FOLDER / "dashboard.json").read_text())


def panels() -> list[dict[str, Any]]:
    """Return the panels with figures."""
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def queries() -> Iterator[str]:
    """Yield every query."""
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"]


def test_every_query_asks_for_an_exported_metric() -> None:
    known = series() | recorded()
    for query in queries():
        assert names_in(query) <= known, query
        assert names_in(query), query


def test_every_recorded_figure_and_every_metric_is_looked_at() -> None:
    asked = {name for query in queries() for name in names_in(query)}
    asked |= {name for rule in rules() for name in names_in(rule["expr"])}
    assert recorded() <= asked
    unseen = {name for name in families() if not any(each.startswith(name) for each in asked)}
    # It says how old the figures of a reading are: for a person who looks at a single process.
    assert unseen == {"kukm_reading_timestamp_seconds"}


def test_panels_have_titles_units_and_places_of_their_own() -> None:
    ids = Counter(panel["id"] for panel in DASHBOARD["panels"])
    assert set(ids.values()) == {1}
    for panel in panels():
        assert panel["title"], panel
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
    for first, second in combinations(DASHBOARD["panels"], 2):
        assert _apart(first["gridPos"], second["gridPos"]), (first["title"], second["title"])


def _apart(a: dict[str, int], b: dict[str, int]) -> bool:
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    return beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]


def test_prometheus_can_read_every_query(tmp_path: Any) -> None:
    readable = [re.sub(r"\$__\w+|\$service", "5m", query) for query in queries()]
    records = [{"record": f"panel:{n}", "expr": query} for n, query in enumerate(readable)]
    path = tmp_path / "queries.json"
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": records}]}))
    assert "SUCCESS" in promtool(["check", "rules", path])
