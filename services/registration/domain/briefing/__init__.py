"""The briefing: an aggregate for each, with the attendance of the participants.

`decider` has the commands and the rules, `state` the state and the fold of the events into it.
"""
