"""The whole system on one machine, without Docker, Maven or root.

`servers` starts a real Kafka and a real mongod as child processes, for tests, benchmarks and the
demonstration. `stack` adds the four services. `up` and `down` are the commands behind `make up` and
`make down`. Each system runs in a folder of its own, so that many can run side by side.
"""


class LocalError(Exception):
    """A part of the local system cannot start or go on; the message says which and what to do."""


class FolderInUse(LocalError):
    """Another process runs a local system in this folder."""
