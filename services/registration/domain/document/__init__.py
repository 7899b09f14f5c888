"""The document vault: an aggregate for each document, from its filing to its end.

`decider` has the commands and rules, `state` the state and the fold of the events into it.
"""
