"""The exhibition, from proposal to report.

`decider` is the entrance and has the steps of the calendar; `state` folds the events; `call` holds
the rules of the open call and of the end of verification.
"""
