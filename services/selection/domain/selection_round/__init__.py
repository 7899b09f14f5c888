"""The selection round of an exhibition: scoring phase, proposal, approval and seats.

`decider` is the entrance; `state` folds the events; `scoring_phase`, `proposal`, `seats`,
`officer_losses` and `decree` hold the rules of one phase each, `interests` who may not decide;.
"""
