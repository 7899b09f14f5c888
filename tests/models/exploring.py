"""Visit every state that a small model can reach, breadth-first, and find faults.

Two kinds of fault are found: a state that is wrong in itself, and a state from which no steps lead
to rest (some work waits there for ever). The trail to a fault is the shortest. Nothing is random:
a model that holds, holds in all its states, and a model that fails has the same fault each time.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

S = TypeVar("S", bound=Hashable)


class Model(Protocol[S]):
    """A start, the steps of all actors and faults, and a judgement of each state."""

    def start(self) -> S:
        """Return the first state."""

    def steps(self, state: S) -> Iterable[tuple[str, S]]:
        """Yield each next step in words, with the state after it."""

    def wrong(self, state: S) -> str | None:
        """Return the fault of this state, if any."""

    def at_rest(self, state: S) -> bool:
        """Return True if all work is done in this state, as it should be."""


@dataclass(frozen=True, kw_only=True)
class Found(Generic[S]):
    """The outcome of a search: the number of states, and the fault with its trail, if any."""

    states: int
    fault: str = ""
    trail: tuple[str, ...] = ()
    state: S | None = None

    def __str__(self) -> str:
        steps = "".join(f"\n  {number}. {step}" for number, step in enumerate(self.trail, 1))
        return f"{self.fault or 'holds'} ({self.states} states){steps}\n  {self.state}"


def explore(model: Model[S]) -> Found[S]:
    """Visit all states; stop at the first fault."""
    start = model.start()
    came: dict[S, tuple[S, str] | None] = {start: None}
    before: dict[S, list[S]] = defaultdict(list)
    ahead = deque([start])
    while ahead:
        state = ahead.popleft()
        for step, after in model.steps(state):
            before[after].append(state)
            if after not in came:
                came[after] = (state, step)
                if fault := model.wrong(after):
                    return Found(
                        states=len(came), fault=fault, trail=_trail(came, after), state=after
                    )
                ahead.append(after)
    return _stuck(model, came, before)


def _stuck(
    model: Model[S], came: dict[S, tuple[S, str] | None], before: dict[S, list[S]]
) -> Found[S]:
    restful = [state for state in came if model.at_rest(state)]
    can_rest = set(restful)
    while restful:
        for state in before[restful.pop()]:
            if state not in can_rest:
                can_rest.add(state)
                restful.append(state)
    # `came` is in order of distance, so the first is the nearest.
    stuck = next((state for state in came if state not in can_rest), None)
    if stuck is None:
        return Found(states=len(came))
    fault = "work waits for ever"
    return Found(states=len(came), fault=fault, trail=_trail(came, stuck), state=stuck)


def _trail(came: dict[S, tuple[S, str] | None], state: S) -> tuple[str, ...]:
    steps: list[str] = []
    at = came[state]
    while at is not None:
        state, step = at
        steps.append(step)
        at = came[state]
    return tuple(reversed(steps))
