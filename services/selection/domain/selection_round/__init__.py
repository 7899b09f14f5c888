"""The selection round of an exhibition: scoring phase, proposal, approval and seats.

`decider` is the entrance; `state` folds the events; `scoring_phase`, `proposal`, `seats` and
`decree` hold the rules of one phase each; `ranking` orders the candidates; `digest` names what a
person has read.
"""
