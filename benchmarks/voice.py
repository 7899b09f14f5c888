"""What a measured process says to its parent: JSON lines on the standard output it was born with.

Where it runs until it is told to stop, it awaits `told_to_finish`: its standard input is closed.
"""

import asyncio
import json
import os
import sys
from typing import Any

VOICE = os.fdopen(os.dup(1), "w")


def say(**facts: Any) -> None:
    """One line for whoever started this process."""
    VOICE.write(json.dumps(facts) + "\n")
    VOICE.flush()


async def told_to_finish() -> None:
    """Return once the standard input is closed."""
    await asyncio.to_thread(sys.stdin.read)
