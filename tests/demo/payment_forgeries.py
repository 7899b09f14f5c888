"""Forge the evidence of contracts and payments: their people, their days and their numbers."""

from gelar.checking.invariants.check import Evidence
from tests.demo.forgeries import change, exchange, first


def contract_and_order(evidence: Evidence) -> None:
    """Let the person of a contract order its payment."""
    _by_the_contractor(evidence, "payment-ordered")


def contract_and_return(evidence: Evidence) -> None:
    """Let the person of a contract record that its payment came back."""
    _by_the_contractor(evidence, "payment-returned")


def contract_and_void(evidence: Evidence) -> None:
    """Let the person of a contract take its payment order back."""
    _by_the_contractor(evidence, "payment-order-voided")


def _by_the_contractor(evidence: Evidence, word: str) -> None:
    act = first(evidence, "allocation", word)
    number = act.data["contract"]
    contract = first(evidence, "allocation", "commitment-contracted", contract=number)
    exchange(evidence, act, actor=contract.actor)


def order_and_disburse(evidence: Evidence) -> None:
    """Let the person of a payment order disburse it."""
    _by_one_person(evidence, "payment-ordered", "payment-disbursed")


def order_and_void(evidence: Evidence) -> None:
    """Let the person of a payment order take it back."""
    _by_one_person(evidence, "payment-ordered", "payment-order-voided")


def disburse_and_return(evidence: Evidence) -> None:
    """Let the person of a disbursement record its return."""
    _by_one_person(evidence, "payment-disbursed", "payment-returned")


def _by_one_person(evidence: Evidence, first_word: str, second_word: str) -> None:
    second = first(evidence, "allocation", second_word)
    before = first(evidence, "allocation", first_word, spm=second.data["spm"])
    exchange(evidence, second, actor=before.actor)


def pay_again_before_the_return(evidence: Evidence) -> None:
    """Let a payment come back after its SPM was paid again."""
    change(evidence, "allocation", "payment-returned", returned_on="2018-12-31")


def sign_for_less_at_first(evidence: Evidence) -> None:
    """Let an order be of a day on which its contract was over a rupiah."""
    order = first(evidence, "allocation", "payment-ordered")
    number = order.data["contract"]
    contract = first(evidence, "allocation", "commitment-contracted", contract=number)
    contract.data["amount_idr"] = 1


def pay_by_one_sp2d(evidence: Evidence) -> None:
    """Use an SP2D number twice."""
    earlier, later, *_ = evidence.topics.each("allocation", "payment-disbursed")
    later.data["sp2d"] = earlier.data["sp2d"]
