"""Replay the reservations: at every moment the reserved sum is the sum of the active reservations.

Reserved and contracted money together never exceed the ceiling (invariant 7 of the domain).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from gelar.checking.findings import Concern, Finding
from gelar.checking.topics.log import Line


@dataclass(kw_only=True)
class Money:
    """The active reservations of each allocation, by its events so far."""

    events: int = 0
    faults: list[Finding] = field(default_factory=list)
    _active: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, line: Line) -> None:
        """Replay an event of an allocation; ignore other events."""
        if line.kind != "allocation":
            return
        self.events += 1
        try:
            texts = list(self._replay(line))
        except (KeyError, TypeError, ValueError):
            texts = [f"{line.id} at {line.where} is no event of an allocation"]
        self.faults += [
            Finding(concern=Concern.LOG, service=line.service, text=text) for text in texts
        ]

    def _replay(self, line: Line) -> Iterator[str]:
        data = json.loads(line.data)
        active = self._active[line.subject]
        match line.type.split(".")[-2]:
            case "place-funded":
                active[data["application"]] = data["amount_idr"]
            case "funding-released":
                active.pop(data["application"], None)
            case "commitment-contracted":
                for application in data["applications"]:
                    active.pop(application, None)
            case _:
                pass
        reserved_idr = sum(active.values())
        if data["reserved_idr"] != reserved_idr:
            yield (
                f"{line.id}: the event says Rp {data['reserved_idr']:,} reserved, the active "
                f"reservations are Rp {reserved_idr:,}"
            )
        if data["ceiling_idr"] < reserved_idr + data["contracted_idr"]:
            yield f"{line.id}: reserved and contracted money exceed the ceiling"
