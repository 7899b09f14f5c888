"""Reservations replayed: at every moment what is reserved is the sum of the active ones.

And never with what is contracted above the ceiling (invariant 7 of the domain).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from gelar.checking.findings import Concern, Finding
from gelar.checking.log import Line


@dataclass(kw_only=True)
class Money:
    """The allocations as their events tell them, so far."""

    events: int = 0
    faults: list[Finding] = field(default_factory=list)
    _active: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, line: Line) -> None:
        """Replay one event of an allocation; others are none of its business."""
        if line.kind != "allocation":
            return
        self.events += 1
        try:
            told = list(self._replayed(line))
        except (KeyError, TypeError, ValueError):
            told = [f"{line.id} at {line.where} is no event of an allocation"]
        self.faults += [
            Finding(concern=Concern.LOG, service=line.service, told=one) for one in told
        ]

    def _replayed(self, line: Line) -> Iterator[str]:
        said = json.loads(line.data)
        active = self._active[line.subject]
        match line.type.split(".")[-2]:
            case "place-funded":
                active[said["application"]] = said["amount_idr"]
            case "funding-released":
                active.pop(said["application"], None)
            case "commitment-contracted":
                for application in said["applications"]:
                    active.pop(application, None)
            case _:
                pass
        reserved_idr = sum(active.values())
        if said["reserved_idr"] != reserved_idr:
            told = f"{said['reserved_idr']:,} said, {reserved_idr:,} active"
            yield f"{line.id}: reserved Rp {told}"
        if said["ceiling_idr"] < reserved_idr + said["contracted_idr"]:
            yield f"{line.id}: more is promised than the ceiling"
