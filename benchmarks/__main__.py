"""`make bench`: measure all paths on real servers, print the table and write it to files.

`python -m benchmarks [--quick] [WORD…]` with words measures only the paths whose names contain one
of the words, and then writes no file.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
from rich.console import Console

from benchmarks.harness import report
from benchmarks.harness.bench import LINE_BYTES_MAX, ROOT, Bench
from benchmarks.harness.rounds import MeasuredPath, Measurements, measure_paths, results
from benchmarks.paths import (
    commands,
    digests,
    duplicates,
    groups,
    growth,
    hot,
    imports,
    latency,
    memory,
    pauses,
    projector,
    rebuild,
    relay,
    rush,
    scaling,
    selection,
    solving,
    traces,
)
from benchmarks.peers import debezium, mongo_sink
from deploy.local.forks import forks
from deploy.local.servers import Servers, local_servers
from gelar.issuer import ensure_local_key

ROUNDS, ROUNDS_QUICK = 3, 1
PATHS: tuple[MeasuredPath[Bench], ...] = (
    *relay.PATHS,
    *latency.PATHS,
    *projector.PATHS,
    *debezium.PATHS,
    *mongo_sink.PATHS,
    *scaling.PATHS,
    *hot.PATHS,
    *commands.PATHS,
    *digests.PATHS,
    *groups.PATHS,
    *rush.PATHS,
    *imports.PATHS,
    *traces.PATHS,
    *rebuild.PATHS,
    *growth.PATHS,
    *pauses.PATHS,
    *memory.PATHS,
    *duplicates.PATHS,
    *selection.PATHS,
    *solving.PATHS,
)
SLOW = (*debezium.PATHS, *mongo_sink.PATHS, growth.TO_A_MILLION)
"""The paths that a short run leaves out."""
DOCUMENTATION = ROOT / "docs" / "performance.md"
DATA = ROOT / "benchmarks" / "results.json"
console = Console()


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the paths.")
    parser.add_argument("--quick", action="store_true", help="a short run, of one round")
    parser.add_argument("words", nargs="*", help="measure only paths with such a word in the name")
    asked = parser.parse_args()
    words, quick = asked.words, asked.quick
    paths = _selected(words, quick=quick)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    folder = ROOT / ".local" / "bench"
    with local_servers(folder, empty=True) as servers:
        ensure_local_key(folder / "keys")
        measurements = asyncio.run(_measure(paths, servers, folder, quick=quick))
    rows = results(paths if words else PATHS, measurements)
    console.print(report.table(rows))
    run = "a short run (`make bench QUICK=1`)" if quick else "`make bench`"
    console.print(report.machine(run))
    if not words:
        report.write(rows, documentation=DOCUMENTATION, data=DATA, run=run)


def _selected(words: Sequence[str], *, quick: bool) -> list[MeasuredPath[Bench]]:
    """Return the paths that these words select; without words, all that this kind of run takes."""
    if not words:
        return [path for path in PATHS if not (quick and path in SLOW)]
    selected = [path for path in PATHS if any(word in path.name for word in words)]
    if not selected:
        names = ", ".join(path.name for path in PATHS)
        sys.exit(f"No path has a name with {' or '.join(words)}. Choose words from: {names}")
    return selected


async def _measure(
    paths: Sequence[MeasuredPath[Bench]], servers: Servers, folder: Path, *, quick: bool
) -> Measurements:
    rounds = ROUNDS_QUICK if quick else ROUNDS
    async with forks(
        folder, "benchmarks.harness.child:serve", line_bytes_max=LINE_BYTES_MAX
    ) as started:
        bench = Bench(
            kafka=servers.kafka_bootstrap,
            mongo=servers.mongo_uri,
            forks=started,
            folder=folder,
            quick=quick,
        )
        return await measure_paths(paths, bench, rounds=rounds, report_progress=console.log)


if __name__ == "__main__":
    main()
