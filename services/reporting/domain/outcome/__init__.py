"""The outcome of a participation, with its follow-ups.

`decider` is the entrance; `state` folds the events; `reports`, `follow_ups`, `judgements` and
`restatement` hold the rules of each step; `days` bounds the day of a result, `exchange` converts
amounts into rupiah, `questions` asks about doubles and large amounts.
"""
