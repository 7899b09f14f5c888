"""The allocation of an exhibition: its ceiling, the money of its places, contracts and payments.

`decider` is the entrance; `state` folds the events; `funding` holds the rules of the ceiling and of
the money for places; `commitments` holds the rule of contracts; `payments` holds the rules of
payment orders (SPM) and disbursements (SP2D).
"""
