"""Damage for each check of contracts and payments: two people, reversals, numbers and days."""

from tests.demo.damage import Damage
from tests.demo.forgeries import (
    change,
    contract_and_order,
    disburse_and_return,
    order_and_disburse,
    order_and_void,
    pay_by_one_sp2d,
    remove,
    repeat,
)

PAYMENT_DAMAGES = [
    Damage("No person orders, pays, closes or takes back what it contracted, ordered or paid",
           "a contract and its order", contract_and_order),
    Damage("No person orders, pays, closes or takes back what it contracted, ordered or paid",
           "an order and its payment", order_and_disburse),
    Damage("No person orders, pays, closes or takes back what it contracted, ordered or paid",
           "an order and its voiding", order_and_void),
    Damage("No person orders, pays, closes or takes back what it contracted, ordered or paid",
           "a payment and its return", disburse_and_return),
    Damage("Realised = paid by an SP2D used once, for one whole order within its contract",
           "a payment of a void order", lambda e: remove(e, "allocation", "payment-returned")),
    Damage("Realised = paid by an SP2D used once, for one whole order within its contract",
           "another SP2D came back",
           lambda e: change(e, "allocation", "payment-returned", sp2d="99999")),
    Damage("The number of a contract, order, payment or return is used once",
           "an SPM twice", lambda e: repeat(e, "allocation", "payment-ordered")),
    Damage("The number of a contract, order, payment or return is used once",
           "a number used twice", pay_by_one_sp2d),
    Damage("Contracts, orders, deliveries and payments are in the fiscal year and in order",
           "another year",
           lambda e: change(e, "allocation", "payment-ordered", ordered_on="2019-01-01")),
    Damage("Contracts, orders, deliveries and payments are in the fiscal year and in order",
           "before the decree",
           lambda e: change(e, "allocation", "commitment-contracted", signed_on="2018-01-01")),
    Damage("Contracts, orders, deliveries and payments are in the fiscal year and in order",
           "paid before its order",
           lambda e: change(e, "allocation", "payment-disbursed", paid_on="2018-01-01")),
    Damage("Contracts, orders, deliveries and payments are in the fiscal year and in order",
           "not delivered", lambda e: remove(e, "allocation", "delivery-recorded")),
]  # fmt: skip
