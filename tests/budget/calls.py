"""Every command of the budget with a well-formed body, and the values that fields refuse."""

from typing import Any

from tests.budget.examples import A
from tests.budget.office import (
    ENVELOPE,
    INACRAFT,
    allotment,
    coming_back,
    contract,
    delivery,
    disbursement,
    document,
    lowering,
    order,
    reasoned,
    voiding,
)

ENVELOPES, ALLOCATION = f"/envelopes/{ENVELOPE}", f"/allocations/{INACRAFT}"
OPENING = {"programme": "2018", "scope": "OVERSEAS", "pagu_idr": 9, **document("DIPA-044")}
BLOCK, LOWERING = {"amount_idr": 1, **reasoned("S-1")}, lowering(1)
OFFICER, CASHIER = "budget-officer", "payment-officer"
COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "/envelopes": (OFFICER, OPENING),
    f"{ENVELOPES}/revision-proposals": (OFFICER, {"delta_idr": 1, **reasoned("DIPA-044 R1")}),
    f"{ENVELOPES}/revisions": (OFFICER, {"document_number": "DIPA-044 R1"}),
    f"{ENVELOPES}/revision-withdrawals": (OFFICER, {"document_number": "DIPA-044 R1"}),
    f"{ENVELOPES}/cost-proposals": (
        OFFICER,
        {"exhibition": INACRAFT, "unit_cost_idr": 40, **reasoned("ND-9")},
    ),
    f"{ENVELOPES}/cost-corrections": (OFFICER, {"document_number": "ND-9"}),
    f"{ENVELOPES}/cost-withdrawals": (OFFICER, {"document_number": "ND-9"}),
    f"{ENVELOPES}/blocks": (OFFICER, BLOCK),
    f"{ENVELOPES}/unblocks": (OFFICER, BLOCK),
    f"{ENVELOPES}/allotments": (OFFICER, allotment(INACRAFT, 1)),
    f"{ALLOCATION}/lowerings": (OFFICER, LOWERING),
    f"{ALLOCATION}/contracts": (OFFICER, contract(INACRAFT, [A])),
    f"{ALLOCATION}/contract-amendments": (
        OFFICER,
        {"contract": "1", "addendum": "1", "signed_on": "2018-03-06", "amount_idr": 1},
    ),
    f"{ALLOCATION}/contract-closures": (
        OFFICER,
        {"contract": "1", "code": "mistaken", "reason": "Salah"},
    ),
    f"{ALLOCATION}/deliveries": (OFFICER, delivery(INACRAFT)),
    f"{ALLOCATION}/delivery-retractions": (
        OFFICER,
        {"contract": "1", "document_number": "1", "code": "wrong-contract", "reason": "Salah"},
    ),
    f"{ALLOCATION}/reservation-releases": (
        OFFICER,
        {"application": A, "code": "not-needed", "reason": "Sponsor"},
    ),
    f"{ALLOCATION}/reservation-restorations": (OFFICER, {"application": A}),
    f"{ALLOCATION}/payment-orders": (CASHIER, order(INACRAFT, "s-1", 1)),
    f"{ALLOCATION}/payment-order-voids": (CASHIER, voiding(INACRAFT, "s-1")),
    f"{ALLOCATION}/disbursements": (CASHIER, disbursement(INACRAFT, "s-1", "1")),
    f"{ALLOCATION}/payment-returns": (CASHIER, coming_back(INACRAFT, "s-1", "1")),
}
"""The path of every command, with its role and a well-formed body."""

ALSO = {
    f"{ENVELOPES}/{route}": "approver"
    for route in ("revisions", "revision-withdrawals", "cost-corrections", "cost-withdrawals")
}
"""The second role that may send a command."""

QUERIES = (
    *("/envelopes", ENVELOPES, "/allocations", ALLOCATION),
    *("/contracts", "/payment-orders"),
)
AMOUNTS = (0, -1, 10**15 + 1, 1.5, "many")
IDS = ("", "a.b", "a b", "ä", "x" * 65)
NUMBERS = ("", "  ", "none", "/1", "1_2", "1  2", "1\n2", "é1", "9" * 16, "x" * 64 + "1", 7)
DAYS = ("", "2018-02-30", "1 March", "2018-03-05T10:00:00Z", True)
WRONG: dict[str, tuple[Any, ...]] = {
    "amount_idr": AMOUNTS,
    "unit_cost_idr": AMOUNTS,
    "pagu_idr": AMOUNTS,
    "delta_idr": (10**15 + 1, -(10**15) - 1, 0.5),
    "programme": ("18", "20188", "MMXX", 2018, "0000", "1999", "2100"),
    "scope": ("domestic", "ALL", ""),
    "document_number": ("", "  ", "none", "S_1", "S-" + "1" * 63, "3201154107900001", 7),
    "effective_on": ("2018-02-30", "31 January", "2018-01-31T09:00:00Z", 7.5),
    "reason": ("", "  ", "x" * 501, 7),
    "exhibition": IDS,
    "contract": (*NUMBERS, "9" * 15),
    "addendum": (*NUMBERS, "9" * 15),
    "spm": (*NUMBERS, "9" * 15),
    "sp2d": NUMBERS,
    "return_number": NUMBERS,
    "signed_on": DAYS,
    "delivered_on": DAYS,
    "ordered_on": DAYS,
    "paid_on": DAYS,
    "returned_on": DAYS,
    "code": ("", "because", "MISTAKEN", 7),
    "application": ("", "inacraft-2018", "a.b.c", "a b.c", 7),
    "applications": ((), "x", ("inacraft-2018",), ("a.b.c",), (A,) * 2_001),
}
"""Values that a field of this name refuses; each field also refuses an object."""

OPTIONAL = {"return_number", "returned_on"}
"""The fields that may be null or left out; all others refuse it."""
