"""The outcome of a participation, with its follow-ups.

`decider` is the entrance and judges what was reported; `reports` has the rules of a report and a
follow-up, which need facts; `state` folds the events; `exchange` computes the value in rupiah.
"""
