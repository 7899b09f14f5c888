"""The digests of events: their share of a command.

A command is timed as in `commands`, by the requests a second that a process manages; the digest and
the commitment of an event are timed alone.
"""

import time
from statistics import median

from benchmarks.harness.bench import Bench
from benchmarks.harness.rounds import MeasuredPath, Pair, Pairs, Row, at_most
from benchmarks.paths.commands import SPREAD
from benchmarks.paths.commands import measure as measure_commands
from shared.kernel.digests import FIRST, Proved, commitment_of, digest_of, salt

EVENTS, REPEATED = 10_000, 5
DATA = '{"applicant":{"exhibition":"inacraft-2018","enterprise":"e-1"},"slot":1}' * 10
PRIVATE = '{"score":7400,"reason":"' + "well made, and packed for a long way. " * 10 + '"}'
DIGESTS = Row(
    path="digest and commitment of an event with its private part",
    against="the command that records it",
    goal=at_most(0.03),
    unit="µs",
)


async def measure(bench: Bench) -> Pairs:
    """Time the digests, and the commands of a process."""
    commands = (await measure_commands(bench))[SPREAD].ours
    seconds = median(_seconds() for _ in range(REPEATED))
    return {DIGESTS: Pair(1e6 * seconds / EVENTS, 1e6 / commands)}


def _seconds() -> float:
    begun, before = time.process_time(), FIRST
    for number in range(EVENTS):
        proved = Proved(
            id=f"application/inacraft-2018.e1@{number:020}",
            type="id.go.kukm.registration.place-accepted.v1",
            time="2018-03-01T02:03:04.005Z",
            actor="rep-1",
            commitment=commitment_of(PRIVATE, salt()),
            data=DATA,
        )
        before = digest_of(before, proved)
    return time.process_time() - begun


PATHS = (MeasuredPath(name="digests", rows=(DIGESTS,), measure=measure),)
