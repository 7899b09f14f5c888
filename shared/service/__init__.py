"""The two loops that run a service, and `Service`, all that the shell of a service sees."""

from shared.kernel.answers import Answer, Found
from shared.service.giving_up import giving_up
from shared.service.service import Service
from shared.service.snapshot import Snapshot
from shared.store import StoreUnavailable

__all__ = ["Answer", "Found", "Service", "Snapshot", "StoreUnavailable", "giving_up"]
