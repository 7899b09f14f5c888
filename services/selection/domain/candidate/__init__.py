"""The candidate: an eligible application that curators score.

`decider` is the entrance; `state` is its state, `fold` folds the events; `assignments`, `conflicts`
and `score_sheets` hold the rules of what people do, behind the guards of `judgement`; `points` adds
up levels.
"""
