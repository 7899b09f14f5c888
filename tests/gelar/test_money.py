"""The replay of the money finds every balance that its events do not make."""

import json
from collections import Counter
from typing import Any

from gelar.checking.topics.money import Money
from tests.gelar.test_checking import line

BALANCES = {"ceiling_idr": 9, "reserved_idr": 0, "contracted_idr": 0, "realised_idr": 0}
OPENED = {"pagu_idr": 20, "blocked_idr": 0, "allotted_idr": 0}


class Replayed:
    """Events of an allocation and its envelope, replayed in turn; `said` are the findings."""

    def __init__(self) -> None:
        self.money = Money()
        self._last: Counter[str] = Counter()

    def take(self, subject: str, event: str, causation: Any = "", **data: Any) -> str:
        """Replay an event, and return its id."""
        kind = "envelope" if "." in subject else "allocation"
        self._last[subject] += 1
        id = f"{kind}/{subject}@{self._last[subject]:020}"
        recorded = line(
            self._last[subject],
            json.dumps(data).encode(),
            id=id,
            kind=kind,
            subject=subject,
            type=f"id.go.kukm.budget.{event}.v1",
            causation=causation,
        )
        self.money.take(recorded)
        return id

    @property
    def said(self) -> list[str]:
        """The findings, without the ids of their events."""
        return [fault.text.partition(": ")[2] for fault in self.money.faults]


def allotted() -> Replayed:
    """Replay an envelope of 20 that has allotted 9 to ifex, which has them."""
    replayed = Replayed()
    replayed.take("2018.DOMESTIC", "envelope-opened", **OPENED)
    made = {**OPENED, "allotted_idr": 9, "exhibition": "ifex", "amount_idr": 9}
    cause = replayed.take("2018.DOMESTIC", "allotment-made", **made)
    replayed.take("ifex", "allocation-raised", cause, amount_idr=9, **BALANCES)
    assert replayed.said == []
    return replayed


def test_money_that_is_right_has_no_finding() -> None:
    replayed = allotted()
    funded = {**BALANCES, "reserved_idr": 5, "application": "a", "amount_idr": 5}
    replayed.take("ifex", "place-funded", **funded)
    bound = {**BALANCES, "contracted_idr": 5, "contract": "k", "amount_idr": 5}
    replayed.take("ifex", "commitment-contracted", **bound, applications=["a"])
    paid = {**bound, "spm": "1", "amount_idr": 4}
    replayed.take("ifex", "payment-ordered", **paid)
    replayed.take("ifex", "payment-disbursed", **(paid | {"realised_idr": 4, "sp2d": "7"}))
    back = {**paid, "return_number": "r", "sp2d": "7"}
    replayed.take("ifex", "payment-returned", **back)
    replayed.take("ifex", "payment-order-voided", **paid)
    replayed.take("ifex", "payment-ordered", **(paid | {"spm": "2"}))
    replayed.take(
        "ifex", "payment-disbursed", **(paid | {"realised_idr": 4, "spm": "2", "sp2d": "8"})
    )
    lowered = {**bound, "realised_idr": 4, "ceiling_idr": 6, "amount_idr": 3}
    replayed.take("ifex", "allocation-lowered", **lowered)
    assert replayed.said == []
    assert replayed.money.events == 12


def test_an_sp2d_that_was_recorded_by_mistake_pays_another_order() -> None:
    for code, said in (
        ("recorded-by-mistake", []),
        ("wrong-name", ["SP2D 7 has paid before, in allocation/ifex@00000000000000000006"]),
    ):
        replayed = allotted()
        funded = {**BALANCES, "reserved_idr": 5, "application": "a", "amount_idr": 5}
        replayed.take("ifex", "place-funded", **funded)
        bound = {**BALANCES, "contracted_idr": 5, "contract": "k", "amount_idr": 5}
        replayed.take("ifex", "commitment-contracted", **bound, applications=["a"])
        ordered = {**bound, "amount_idr": 2}
        for spm in ("1", "2"):
            replayed.take("ifex", "payment-ordered", **ordered, spm=spm)
        paid = {**ordered, "realised_idr": 2, "sp2d": "7"}
        replayed.take("ifex", "payment-disbursed", **paid, spm="1")
        replayed.take("ifex", "payment-returned", **ordered, spm="1", sp2d="7", code=code)
        replayed.take("ifex", "payment-disbursed", **paid, spm="2")
        assert replayed.said == said


def test_a_contract_for_less_amended_and_closed_has_no_finding() -> None:
    replayed = allotted()
    for application, reserved in (("a", 3), ("b", 6)):
        funded = {**BALANCES, "reserved_idr": reserved, "application": application, "amount_idr": 3}
        replayed.take("ifex", "place-funded", **funded)
    about = {**BALANCES, "contract": "k"}
    bound = about | {"amount_idr": 5, "contracted_idr": 5}
    replayed.take("ifex", "commitment-contracted", **bound, applications=["a", "b"])
    amended = about | {"contracted_idr": 7, "delta_idr": 2}
    replayed.take("ifex", "contract-amended", **amended)
    closed = about | {"released_idr": 7, "reserved_idr": 7}
    replayed.take("ifex", "contract-closed", **closed, applications=["a", "b"])
    released = {**BALANCES, "reserved_idr": 4, "application": "a", "amount_idr": 3}
    replayed.take("ifex", "reservation-released", **released)
    assert replayed.said == []


def test_an_order_that_is_void_on_a_closed_contract_is_released() -> None:
    replayed = allotted()
    bound = {**BALANCES, "contracted_idr": 5, "contract": "k", "amount_idr": 5}
    replayed.take("ifex", "commitment-contracted", **bound, applications=[])
    ordered = bound | {"spm": "1", "amount_idr": 3}
    replayed.take("ifex", "payment-ordered", **ordered)
    closed = bound | {"contracted_idr": 3, "released_idr": 2}
    replayed.take("ifex", "contract-closed", **closed, applications=[])
    replayed.take("ifex", "payment-order-voided", **(ordered | {"contracted_idr": 0}))
    assert replayed.said == []


def test_a_reversal_of_what_was_not_posted_is_found() -> None:
    replayed = allotted()
    bound = {**BALANCES, "contracted_idr": 5, "contract": "k", "amount_idr": 5}
    replayed.take("ifex", "commitment-contracted", **bound, applications=[])
    ordered = bound | {"spm": "1", "amount_idr": 3}
    replayed.take("ifex", "payment-ordered", **ordered)
    paid = ordered | {"sp2d": "7", "realised_idr": 3}
    replayed.take("ifex", "payment-disbursed", **paid)
    replayed.take("ifex", "payment-returned", **(paid | {"amount_idr": 2, "realised_idr": 0}))
    replayed.take("ifex", "payment-disbursed", **(paid | {"sp2d": "8"}))
    replayed.take("ifex", "payment-order-voided", **(ordered | {"realised_idr": 3}))
    replayed.take("ifex", "payment-order-voided", **(ordered | {"realised_idr": 3}))
    assert replayed.said == [
        "SPM 1 comes back with another amount than was paid",
        "SPM 1 is paid, and is made void",
        "SPM 1 is paid, and is made void",
        "SPM 1 is made void with another amount than was ordered",
    ]


def test_a_rupiah_above_the_ceiling_is_found() -> None:
    replayed = allotted()
    for application, reserved in (("a", 5), ("b", 10)):
        funded = {**BALANCES, "reserved_idr": reserved, "application": application, "amount_idr": 5}
        replayed.take("ifex", "place-funded", **funded)
    assert replayed.said == ["reserved and contracted money exceed the ceiling"]
    replayed.take("ifex", "place-funded", **(funded | {"application": "c"}))
    assert "says Rp 10 reserved, the active reservations are Rp 15" in replayed.said[1]


def test_a_balance_that_its_events_do_not_make_is_found() -> None:
    replayed = allotted()
    wrong = {"ceiling_idr": 10, "contracted_idr": 1, "realised_idr": 2}
    replayed.take("ifex", "funding-declined", **(BALANCES | wrong), application="a")
    assert replayed.said == [
        "the event says Rp 10 ceiling, the events before it make Rp 9",
        "the event says Rp 1 contracted, the events before it make Rp 0",
        "the event says Rp 2 realised, the events before it make Rp 0",
    ]
    replayed = allotted()
    revised = {"pagu_idr": 19, "blocked_idr": 1, "allotted_idr": 8, "delta_idr": 0}
    replayed.take("2018.DOMESTIC", "envelope-revised", **revised)
    assert [text.partition(", ")[0] for text in replayed.said] == [
        "the event says Rp 19 pagu",
        "the event says Rp 1 blocked",
        "the event says Rp 8 allotted",
    ]


def test_more_than_is_there_is_found_at_every_level() -> None:
    replayed = allotted()
    made = {**OPENED, "allotted_idr": 21, "exhibition": "tei", "amount_idr": 12}
    replayed.take("2018.DOMESTIC", "allotment-made", **made)
    assert replayed.said == ["allotted money exceeds the pagu without what is blocked"]
    replayed = allotted()
    raised = {**BALANCES, "ceiling_idr": 10, "amount_idr": 1}
    replayed.take("ifex", "allocation-raised", "envelope/2018.DOMESTIC@2", **raised)
    (text,) = [fault.text for fault in replayed.money.faults if "higher" in fault.text] or [""]
    # The allotment behind this raise may have come after its topic was read.
    assert text == ""
    replayed = Replayed()
    replayed.take("ifex", "allocation-raised", "nothing", amount_idr=9, **BALANCES)
    assert [fault.text for fault in replayed.money.faults] == [
        "allocation ifex: its ceiling was raised without an allotment"
    ]
    replayed = allotted()
    returned = {**OPENED, "allotted_idr": 5, "exhibition": "ifex", "amount_idr": 4}
    replayed.take("2018.DOMESTIC", "allotment-returned", **returned)
    assert [fault.text for fault in replayed.money.faults] == [
        "allocation ifex: its ceiling of Rp 9 is higher than its allotments of Rp 5"
    ]


def test_payments_beyond_an_order_a_contract_or_a_number_are_found() -> None:
    replayed = allotted()
    bound = {**BALANCES, "contracted_idr": 5, "contract": "k", "amount_idr": 5}
    replayed.take("ifex", "commitment-contracted", **bound, applications=[])
    for spm in ("1", "2"):
        replayed.take("ifex", "payment-ordered", **(bound | {"spm": spm, "amount_idr": 3}))
    assert replayed.said == ["the orders of contract k exceed its amount"]
    paid = bound | {"spm": "1", "amount_idr": 3, "realised_idr": 3, "sp2d": "7"}
    replayed.take("ifex", "payment-disbursed", **paid)
    replayed.take("ifex", "payment-disbursed", **(paid | {"spm": "2", "realised_idr": 6}))
    replayed.take("ifex", "payment-disbursed", **(paid | {"realised_idr": 5, "amount_idr": 2}))
    assert replayed.said[1:] == [
        "SP2D 7 has paid before, in allocation/ifex@00000000000000000005",
        "realised money exceeds the contracted money",
        "SPM 1 is paid with another amount than was ordered",
        "SPM 1 is paid a second time",
        "SP2D 7 has paid before, in allocation/ifex@00000000000000000005",
    ]


def test_an_unreadable_allocation_is_found_and_the_next_is_replayed() -> None:
    money = Money()
    unreadable = (b"{", b"[]", b'{"application":"a"}', b"[" * 100_000)
    for number, data in enumerate(unreadable, 1):
        money.take(line(number, data))
    assert [fault.text for fault in money.faults] == [
        f"allocation/ifex@{n:020} at budget/0/{n} is no event of an allocation"
        for n in (1, 2, 3, 4)
    ]
