"""`make bench`: go through all rooms on real servers, print the table, write it down.

`python -m benchmarks [--quick] [ROOM…]` measures only the rooms whose names contain one of the
words, and then writes nothing down.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from rich.console import Console

from benchmarks import (
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
    report,
    scaling,
)
from benchmarks.peers import debezium, mongo_sink
from benchmarks.rounds import Room, measured, results
from benchmarks.stage import ROOT, Bench
from deploy.local.servers import local_servers
from shared.http.issuer import ensure_local_key

ROUNDS, ROUNDS_QUICK = 5, 1
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
    words = [one for one in sys.argv[1:] if not one.startswith("--")]
    takes_long = (*debezium.ROOMS, *mongo_sink.ROOMS, growth.TO_A_MILLION)
    rooms = [one for one in ROOMS if any(word in one.name for word in words)]
    if words and not rooms:
        sys.exit(f"No room is called so. Rooms: {', '.join(one.name for one in ROOMS)}")
    rooms = rooms or [one for one in ROOMS if not (quick and one in takes_long)]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    folder = ROOT / ".local" / "bench"
    with local_servers(folder, empty=True) as servers:
        ensure_local_key(folder / "keys")
        bench = Bench(
            kafka=servers.kafka_bootstrap, mongo=servers.mongo_uri, folder=folder, quick=quick
        )
        found = asyncio.run(_measured(rooms, bench, shown=rooms if words else ROOMS))
    console.print(report.table(found))
    run = "a short run (`make bench QUICK=1`)" if quick else "`make bench`"
    console.print(report.machine(run))
    if not words:
        report.write(found, documentation=DOCUMENTATION, data=DATA, run=run)


async def _measured(
    rooms: Sequence[Room[Bench]], bench: Bench, *, shown: Sequence[Room[Bench]]
) -> list[dict[str, Any]]:
    rounds = ROUNDS_QUICK if bench.quick else ROUNDS
    found = await measured(rooms, bench, rounds=rounds, tell=console.log)
    return results(shown, found)


if __name__ == "__main__":
    main()
