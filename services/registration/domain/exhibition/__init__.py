"""The exhibition: planned, called for, held and reported, or cancelled.

`decider` is the entrance; `state` folds the events; `planning` proposes, plans and cancels an
exhibition, `rescheduling` gives it other days; `call` has the rules of its open call, `holding`
those from the decree to the report.
"""
