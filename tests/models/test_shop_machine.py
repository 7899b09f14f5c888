"""Send random commands to two replicas of the shop, and compare with a plain list of items.

Keys come again, callers are stale, both replicas write the same basket at once, receipts are
forgotten, and relays (one, or both on the same outboxes) publish in between. After each step the
state is what the events make, each event is stored once, and old answers stay the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count, permutations
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.kernel.wire import decode
from shared.messaging.reading import read_topics
from shared.settings import Settings
from tests.conftest import eventually
from tests.kernel.example import (
    AddItem,
    Basket,
    PriceList,
    SealBasket,
    basket,
    decide_by_price_list,
    shop,
)
from tests.long_tests import long_test
from tests.models.replicas import Outcome, Replicas, Request, in_turn, machine_settings, opened

MOST = 10
BURST = 70
"""More than the receipts that an aggregate keeps."""
names = map("basket-{}".format, count())
replica = st.sampled_from([0, 1])
which = st.sampled_from([0, 0, 1])
adding = st.builds(
    AddItem, item=st.sampled_from(["batik", "kopi"]), price=st.sampled_from([1, 2, MOST + 1])
)
command = st.one_of(adding, adding, adding, st.builds(SealBasket))
behind = st.sampled_from([None, None, 0, 1])
"""A caller that names the version it has read is so many versions behind."""


@dataclass
class Plain:
    """A basket as a caller expects it, and the requests that had an effect."""

    items: list[str] = field(default_factory=list)
    total: int = 0
    sealed: bool = False
    version: int = 0
    answered: dict[tuple[str, str], tuple[object, int]] = field(default_factory=dict)

    def answer(self, request: Request) -> Outcome:
        """Apply a request and return the answer that the shop must give."""
        if request.name in self.answered:
            body, version = self.answered[request.name]
            return version if body == request.command else "idempotency-key-reused"
        if request.expects not in (None, self.version):
            return "stale-version"
        if refusal := self._take(request.command):
            return refusal
        self.version += 1
        self.answered[request.name] = (request.command, self.version)
        return self.version

    def _take(self, command: object) -> str:
        match command:
            case AddItem(price=price) if price > MOST:
                return "too-dear"
            case AddItem() if self.sealed:
                return "basket-sealed"
            case AddItem(item=item, price=price):
                self.items.append(item)
                self.total += price
            case _ if self.sealed or not self.items:
                return "nothing-to-seal"
            case _:
                self.sealed = True
        return ""


class Shopping(RuleBasedStateMachine):
    """A machine with two baskets of its own and two replicas."""

    replicas: ClassVar[Replicas]

    def __init__(self) -> None:
        super().__init__()
        self.baskets = {next(names): Plain(), next(names): Plain()}
        self.ids = list(self.baskets)
        self.requests: list[Request] = []

    @rule(replica=replica, which=which, command=command, behind=behind)
    def ask(self, replica: int, which: int, command: object, behind: int | None) -> None:
        """Send a new request of a caller that may name the version it has read."""
        request = self._new(which, command)
        if behind is not None:
            version = self.baskets[request.id].version
            request = replace(request, expects=max(0, version - behind))
        assert self.replicas.ask(replica, request) == self.baskets[request.id].answer(request)

    @precondition(lambda self: self.requests)
    @rule(
        replica=replica, back=st.integers(0, 99), answered=st.booleans(), other=adding | st.none()
    )
    def ask_again(self, replica: int, back: int, answered: bool, other: AddItem | None) -> None:
        """Repeat an old request, with or without an effect, perhaps with another body."""
        requests = [old for old in self.requests if self._was_answered(old) or not answered]
        request = (requests or self.requests)[-1 - back % len(requests or self.requests)]
        if other is not None:
            request = replace(request, command=other)
        assert self.replicas.ask(replica, request) == self.baskets[request.id].answer(request)

    @rule(which=which, commands=st.lists(command, min_size=2, max_size=4))
    def ask_at_once(self, which: int, commands: Sequence[object]) -> None:
        """Send requests to the same basket at once while both relays publish its events."""
        self._wake([0, 1])
        self._race([self._new(which, command) for command in commands])

    @rule(which=which, command=command)
    def ask_both_the_same(self, which: int, command: object) -> None:
        """Send the same request to both replicas at once."""
        request = self._new(which, command)
        self._race([request, request])

    @precondition(lambda self: 0 < len(self.requests) < BURST)
    @rule(which=which)
    def ask_in_a_burst(self, which: int) -> None:
        """Send so many requests at once that older receipts are forgotten."""
        adding = [self._new(which, AddItem(item="teh", price=1)) for _ in range(BURST)]
        outcomes = self.replicas.ask_at_once(in_turn(adding))
        # The order of the commits is known by the versions in the answers.
        by_outcome = sorted(
            zip(outcomes, adding, strict=True), key=lambda answered: str(answered[0]).zfill(9)
        )
        for outcome, request in by_outcome:
            assert outcome == self.baskets[request.id].answer(request)

    @rule(relays=st.sampled_from([[0], [1], [0, 1]]))
    def publish(self, relays: Sequence[int]) -> None:
        """Let one relay, or both on the same outboxes, publish and archive all events."""
        self._wake(relays)
        self.replicas.run(eventually(self._published))

    @invariant()
    def the_store_keeps_what_was_taken(self) -> None:
        """Check state, version and events of each basket against its plain basket."""
        found = self.replicas.stored(*((basket, id) for id in self.ids))
        for kept, plain in zip(found, self.baskets.values(), strict=True):
            assert kept.version == plain.version
            state: Basket = kept.state
            assert (list(state.items), state.total) == (plain.items, plain.total)
            assert (state.status == "sealed") == plain.sealed

    def teardown(self) -> None:
        """Publish all events, and check that repeated requests have the same answers."""
        self.publish([0, 1])
        again = [request for request in self.requests if self._was_answered(request)]
        outcomes = self.replicas.ask_at_once(in_turn(again))
        assert outcomes == [self.baskets[request.id].answer(request) for request in again]

    def _was_answered(self, request: Request) -> bool:
        return request.name in self.baskets[request.id].answered

    def _new(self, which: int, command: object) -> Request:
        key = f"key-{len(self.requests)}"
        facts = PriceList(most=MOST)
        request = Request(
            decider=basket,
            id=self.ids[which],
            command=command,
            key=key,
            facts=facts,
            rule=decide_by_price_list,
        )
        self.requests.append(request)
        return request

    def _race(self, requests: Sequence[Request]) -> None:
        """Check that the answers are those of some order of the requests."""
        outcomes = self.replicas.ask_at_once(in_turn(requests))
        id = requests[0].id
        for order in permutations(range(len(requests))):
            plain = deepcopy(self.baskets[id])
            if all(plain.answer(requests[number]) == outcomes[number] for number in order):
                self.baskets[id] = plain
                return
        raise AssertionError(f"no order explains {outcomes} to {requests}")

    def _wake(self, relays: Iterable[int]) -> None:
        for number in relays:
            self.replicas.services[number].engine.relay.wake("basket", self.ids)

    async def _published(self) -> bool:
        engine = self.replicas.services[0].engine
        waiting = {"_id": {"$in": self.ids}, "outbox.0": {"$exists": True}}
        return not await engine.database.collection("basket").find_one(waiting, {"_id": 1})


def check_topic(settings: Settings, replicas: Replicas) -> None:
    """Check the topic: numbers 1..n, equal bytes for equal ids, and the same events in history."""
    first: dict[str, list[int]] = defaultdict(list)
    data: dict[str, bytes] = {}
    for frame in map(decode, read_topics(settings, ["shop"])):
        assert data.setdefault(frame.id, frame.data) == frame.data
        if frame.sequence not in first[frame.subject]:
            first[frame.subject].append(frame.sequence)
    for numbers in first.values():
        assert numbers == list(range(1, len(numbers) + 1))
    assert replicas.run(_archived(replicas)) == set(data)


async def _archived(replicas: Replicas) -> set[str]:
    history = replicas.services[0].engine.database.collection("history")
    return set(await history.distinct("_id"))


@long_test
def test_two_replicas_keep_what_they_have_answered(settings: Settings) -> None:
    # No deadline is swept, and the relays wait until a step wakes them.
    still = {"parts": frozenset({"api"}), "sweep_seconds": 600.0, "outbox_events_max": 10_000}
    settings = settings.model_copy(update=still)
    with opened((shop(), settings), (shop(), settings)) as both:
        for service in both.services:
            service.engine.commands["basket"].on_committed = lambda kind, loaded: None

        class Here(Shopping):
            replicas = both

        run_state_machine_as_test(Here, settings=machine_settings(max_examples=10))
        check_topic(settings, both)
