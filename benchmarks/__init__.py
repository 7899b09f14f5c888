"""`make bench`: every path beside its bare limit and its peers, as ratios taken in one run.

`rounds` is the core (rows, goals, interleaved rounds, ratios) and `report` writes what it finds;
each other module with a `ROOM` is a room of the table, and `peers` holds those that are foreign
programs. `stage` is what the rooms stand on: the servers, namespaces, child processes; `sample` the
small services that are measured. Whatever is timed runs in a process of its own (`child`).
"""
