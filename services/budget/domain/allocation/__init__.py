"""The allocation of an exhibition: its ceiling, the money of its places, contracts and payments.

`decider` is the entrance; `state` and `contract` fold the events; `funding` holds the rules of the
ceiling and of the money for places, `reservations` those of a reservation that is not needed;
`commitments` and `addenda` hold the rules of contracts, `sunk_costs` of places that a contract pays
in vain; `payments` and `reversals` hold the rules of payment orders (SPM), disbursements (SP2D) and
their reversals; `numbers` and `dates` those of every document.
"""
