"""The suspicion that two enterprises are one, and the verdict on it.

`decider` is the entrance; `state` folds the events, `verdicts` holds the rules of the officers.
"""
