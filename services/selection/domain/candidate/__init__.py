"""The candidate: an eligible application that curators score.

`decider` is the entrance; `state` folds the events; `score_sheets` holds the rules of assignments,
conflicts and sheets; `points` adds up levels.
"""
