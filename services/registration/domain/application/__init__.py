"""The application of an enterprise for an exhibition.

`decider` is the entrance; `state` folds the events; `submission`, `verification` and `place` hold
the rules of one part of its life each; `participation_cap` counts what an enterprise has had.
"""
