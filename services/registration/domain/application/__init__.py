"""The application: an enterprise's request for a place at an exhibition.

`decider` is the entrance; `fold` folds the events into the `state`; `submission`, `verification`
and `place` hold the rules of one step each; `eligibility` checks an enterprise before its
submission; `participations` counts the places that an enterprise has taken.
"""
