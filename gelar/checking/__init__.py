"""The history checker: what the topics hold against what the databases say.

`log` looks at the topics alone, with none of the kernel's code; `archive` compares them with each
publisher's history; `folds` folds them from the beginning with the services' own `evolve` and
`contribution`, and compares what comes out with the mirrors, views and tallies at their
checkpoints; `money` replays the reservations. It may run while everything runs.
"""
