"""The whole system on one machine, without Docker, Maven or root.

`servers` starts a real Kafka and a real mongod as child processes and is what tests, benchmarks and
the demonstration use; `stack` adds the four services; `up` and `down` are the commands behind
`make up` and `make down`. Each runs in a folder of its own, so that many can run side by side.
"""


class LocalError(Exception):
    """Something here cannot start or go on; the message says what, and what to do about it."""
