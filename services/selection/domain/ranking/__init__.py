"""The ranking: the candidates of a closed scoring in order of their sealed scores, made once.

`decider` is the entrance, with the `state`; `order` ranks the candidates and breaks ties.
"""
