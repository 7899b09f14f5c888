"""`make bench`: measure every path beside its bare limit and its peers, as ratios of one run.

`harness.rounds` is the core (rows, goals, interleaved rounds, ratios), and `harness.report` writes
the results. Each module of `paths` and `peers` with a `PATHS` measures one or more paths; those in
`peers` compare with foreign programs. `harness.bench` gives them the servers and namespaces,
`harness.processes` the child processes, and `harness.sample` the small services that are measured.
All code that is timed runs in a process of its own (`harness.child`).
"""

import shared.store  # noqa: F401 - before motor, which reads the number of its threads only once
