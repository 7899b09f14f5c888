"""The metrics that a process exports, and the names that a PromQL query asks for."""

import re
from collections.abc import Iterator

from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

SERIES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
NO_NAMES = re.compile(
    r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)'
)
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\()\b(?!\s*\()")
KEYWORDS = {"and", "or", "unless", "bool", "offset", "by", "inf", "Inf", "NaN"}
KEYWORDS |= {"on", "ignoring", "without", "group_left", "group_right"}


def families() -> dict[str, MetricWrapperBase]:
    """Return every metric of ours by the name that stands in `docs/metrics.md`."""
    found = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    return {_full_name(each): each for each in found}


def series() -> set[str]:
    """Return the names of all series that can be asked for."""
    return {name for each in families().values() for name in _series(each)}


def names_in(query: str) -> set[str]:
    """Return the names of the series and recorded figures in a PromQL query."""
    without = NO_NAMES.sub(" ", re.sub(r"\$\w+", "5m", query))
    return {found for found in NAME.findall(without) if found not in KEYWORDS}


def type_of(metric: MetricWrapperBase) -> str:
    """Return counter, gauge or histogram."""
    return str(metric._type)


def labels_of(metric: MetricWrapperBase) -> tuple[str, ...]:
    """Return the names of its labels."""
    return tuple(metric._labelnames)


def _full_name(metric: MetricWrapperBase) -> str:
    return f"{metric._name}_total" if type_of(metric) == "counter" else str(metric._name)


def _series(metric: MetricWrapperBase) -> Iterator[str]:
    for ending in SERIES[type_of(metric)]:
        yield metric._name + ending
