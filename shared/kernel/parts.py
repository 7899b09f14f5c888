"""The declaration of a service: all of it pure, and everything that the engine is built from."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from shared.kernel.decider import Decider
from shared.kernel.jobs import Job
from shared.kernel.view import Mirror, Reaction, Tally, View
from shared.kernel.wire import Partition


@dataclass
class Parts:
    """The parts of one service; `version` tells a rebuilt copy of its mirrors from a live copy.

    `files_of` are the fields of its records that name uploaded files.
    """

    name: str
    _: KW_ONLY
    deciders: Sequence[Decider[Any, Any, Any]]
    mirrors: Sequence[Mirror[Any, Any]] = ()
    views: Sequence[View[Any, Any]] = ()
    tallies: Sequence[Tally[Any]] = ()
    reactions: Sequence[Reaction[Any, Any]] = ()
    jobs: Sequence[Job] = ()
    version: int = 1
    files_of: Sequence[tuple[Decider[Any, Any, Any], str]] = ()

    @property
    def followed(self) -> list[str]:
        """The services whose topics this service follows."""
        return sorted({mirror.service for mirror in self.mirrors})

    @property
    def is_open(self) -> bool:
        """True while its methods can be called; parts alone have none."""
        return False

    def partitions(self, count: int) -> list[Partition]:
        """Return every partition that the service follows, of topics with `count` partitions."""
        return [(publisher, number) for publisher in self.followed for number in range(count)]
