"""`docs/metrics.md` lists every metric as it is exported, and every metric has few series."""

import re
from pathlib import Path

from tests.monitoring.exported import families, labels_of, names_in, type_of

PAGE = Path(__file__).parent.parent.parent / "docs" / "metrics.md"
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<type>\w+) \| (?P<labels>[^|]*) \| [^|]+ \| [^|]+ \|$")
UNBOUNDED = {"id", "subject", "path", "actor", "url", "key", "partition", "correlation_id"}


def test_the_page_and_the_registry_agree() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    rows = [ROW.match(line) for line in lines]
    unreadable = [line for line, row in zip(lines, rows, strict=True) if row is None]
    assert unreadable == []
    listed = {
        row["name"]: (row["type"], tuple(re.findall(r"`(\w+)`", row["labels"])))
        for row in rows
        if row
    }
    exported = {name: (type_of(each), labels_of(each)) for name, each in families().items()}
    assert listed == exported, "docs/metrics.md lists every metric with its type and labels"


def test_no_label_has_values_without_a_bound() -> None:
    for name, metric in families().items():
        assert not UNBOUNDED & set(labels_of(metric)), name


def test_names_are_found_in_a_query() -> None:
    query = 'sum by (service) (rate(a_total{code=~"5..|x"}[5m])) / on (pod) group_left () c:d > 0.5'
    assert names_in(query) == {"a_total", "c:d"}
    assert names_in("histogram_quantile(0.99, sum by (le) (rate(b_bucket[$__rate_interval])))") == {
        "b_bucket"
    }
    assert names_in("max(e) without (pod) unless f == 1 or absent(g)") == {"e", "f", "g"}
