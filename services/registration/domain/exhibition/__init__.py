"""The exhibition: planned, called for, held and reported, or cancelled.

`decider` is the entrance; `state` folds the events; `planning` proposes, plans and cancels an
exhibition; `call` has the rules of its open call, `holding` those from the decree to the report.
"""
