"""`make bench`: go through all rooms on real servers, print the table, write it down.

`python -m benchmarks [--quick] [ROOM…]` measures only the rooms whose names contain one of the
words, and then writes nothing down.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
from rich.console import Console

from benchmarks.harness import report
from benchmarks.harness.rounds import Measured, Room, measured, results
from benchmarks.harness.stage import LINE_BYTES_MAX, ROOT, Bench
from benchmarks.paths import (
    commands,
    groups,
    growth,
    hot,
    latency,
    memory,
    pauses,
    projector,
    rebuild,
    relay,
    scaling,
)
from benchmarks.peers import debezium, mongo_sink
from deploy.local.forks import forks
from deploy.local.servers import Servers, local_servers
from gelar.issuer import ensure_local_key

ROUNDS, ROUNDS_QUICK = 3, 1
ROOMS: tuple[Room[Bench], ...] = (
    *relay.ROOMS,
    *latency.ROOMS,
    *projector.ROOMS,
    *debezium.ROOMS,
    *mongo_sink.ROOMS,
    *scaling.ROOMS,
    *hot.ROOMS,
    *commands.ROOMS,
    *groups.ROOMS,
    *rebuild.ROOMS,
    *growth.ROOMS,
    *pauses.ROOMS,
    *memory.ROOMS,
)
DOCUMENTATION = ROOT / "docs" / "performance.md"
DATA = ROOT / "benchmarks" / "results.json"
console = Console()


def main() -> None:
    """Measure and report."""
    quick = "--quick" in sys.argv
    words = [item for item in sys.argv[1:] if not item.startswith("--")]
    takes_long = (*debezium.ROOMS, *mongo_sink.ROOMS, growth.TO_A_MILLION)
    rooms = [room for room in ROOMS if any(word in room.name for word in words)]
    if words and not rooms:
        sys.exit(f"No room is called so. Rooms: {', '.join(one.name for one in ROOMS)}")
    rooms = rooms or [room for room in ROOMS if not (quick and room in takes_long)]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    folder = ROOT / ".local" / "bench"
    with local_servers(folder, empty=True) as servers:
        ensure_local_key(folder / "keys")
        found = asyncio.run(_measured(rooms, servers, folder, quick=quick))
    rows = results(rooms if words else ROOMS, found)
    console.print(report.table(rows))
    run = "a short run (`make bench QUICK=1`)" if quick else "`make bench`"
    console.print(report.machine(run))
    if not words:
        report.write(rows, documentation=DOCUMENTATION, data=DATA, run=run)


async def _measured(
    rooms: Sequence[Room[Bench]], servers: Servers, folder: Path, *, quick: bool
) -> Measured:
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
        return await measured(rooms, bench, rounds=rounds, tell=console.log)


if __name__ == "__main__":
    main()
