"""The heartbeat of the worker: it beats at each turn, so that one that hangs is seen from outside.

Called by `shared.service.worker`; the liveness probe reads it. A loop that retries goes on beating:
an outage of a server is no reason to start a process again. A loop that does not run is not late.
"""

import time
from dataclasses import dataclass

STUCK_SECONDS = 300.0
"""The worker is stuck when it has not beaten for so long: every turn is shorter than that."""


@dataclass(kw_only=True)
class Heartbeat:
    """The time of the last beat, by this process's monotonic clock; None while nothing runs."""

    last: float | None = None

    def beat(self) -> None:
        """Note that the worker begins a turn, or tries again."""
        self.last = time.monotonic()

    def rest(self) -> None:
        """Note that the worker has ended."""
        self.last = None

    @property
    def age_seconds(self) -> float:
        """Return the time since the last beat; 0 while nothing runs."""
        return 0.0 if self.last is None else time.monotonic() - self.last

    def stuck_reason(self) -> str | None:
        """Return why the process must be started again, or None."""
        silent = self.age_seconds
        return f"the worker has not moved for {silent:.0f} s" if silent > STUCK_SECONDS else None
