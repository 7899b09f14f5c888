"""The outcome of a participation, with its follow-ups.

`decider` is the entrance and holds the rules of judgements; `state` folds the events; `reports`
holds the rules of a report and of a follow-up, which need facts; `exchange` converts amounts into
rupiah.
"""
