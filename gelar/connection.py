"""Settings of the operator's commands: where the servers are, and nothing about HTTP.

Beside a running `make up` of this checkout its servers are found by themselves; elsewhere the same
variables count as for the services.
"""

import os
from pathlib import Path

from shared.settings import Settings, load_settings

LOCAL = Path(".local/up/environment")


def connected() -> Settings:
    """The settings of a command that looks at the servers; ends with what is missing."""
    os.environ.setdefault("KUKM_PARTS", "worker")
    if "KUKM_MONGO_URI" not in os.environ and LOCAL.exists():
        lines = (line.partition("=") for line in LOCAL.read_text().splitlines())
        os.environ.update({name: value for name, _, value in lines if name})
    return load_settings()
