"""`make bench`: each path beside the same work without any promise, several rounds interleaved.

Prints ratios (ours / bare: above 1 is faster than bare) as median, least and most, and writes
`benchmarks/results.json`. Absolute figures are named with their machine and asserted nowhere.
"""

import asyncio
import json
import logging
import platform
import statistics
import sys
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.paths import PATHS, Rates
from deploy.local.servers import local_servers

ROOT = Path(__file__).parent.parent
ROUNDS, ROUNDS_QUICK = 5, 3
SIZE, SIZE_QUICK = 10_000, 3_000


def main() -> None:
    """Measure every path and write the results."""
    quick = "--quick" in sys.argv
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    rounds, size = (ROUNDS_QUICK, SIZE_QUICK) if quick else (ROUNDS, SIZE)
    with local_servers(ROOT / ".local" / "bench", empty=True) as servers:
        results = asyncio.run(_measured(servers.kafka_bootstrap, servers.mongo_uri, rounds, size))
    (ROOT / "benchmarks" / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    Console().print(_table(results))


async def _measured(kafka: str, mongo: str, rounds: int, size: int) -> list[dict[str, object]]:
    taken: dict[str, list[Rates]] = {path.name: [] for path in PATHS}
    for _ in range(rounds):
        for path in PATHS:
            taken[path.name].append(await path.measure(kafka, mongo, size))
    return [_result(path.name, path.against, taken[path.name]) for path in PATHS]


def _result(path: str, against: str, rates: list[Rates]) -> dict[str, object]:
    ratios = [one.ours / one.bare for one in rates]
    return {
        "path": path,
        "against": against,
        "ratio": {
            "median": round(statistics.median(ratios), 2),
            "min": round(min(ratios), 2),
            "max": round(max(ratios), 2),
        },
        "ours": round(statistics.median(one.ours for one in rates)),
        "theirs": round(statistics.median(one.bare for one in rates)),
        "unit": "a second",
        "machine": f"{platform.machine()} {platform.node()}, Python {platform.python_version()}",
    }


def _table(results: list[dict[str, object]]) -> Table:
    table = Table("path", "against", "ratio", "least", "most", "ours", "theirs", "unit")
    for one in results:
        ratio = one["ratio"]
        assert isinstance(ratio, dict)
        numbers = [str(ratio[name]) for name in ("median", "min", "max")]
        row = [str(one["path"]), str(one["against"]), *numbers]
        table.add_row(*row, f"{one['ours']:,}", f"{one['theirs']:,}", str(one["unit"]))
    return table


if __name__ == "__main__":
    main()
