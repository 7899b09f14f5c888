"""The envelope of a programme's scope: the pagu, the blocked money and the allotments.

`decider` is the entrance; `state` folds the events; `pagu` holds the rules that open, revise, block
and unblock; `allotments` holds the rules of the money that goes to exhibitions and comes back;
`postings` checks the documents of all of them.
"""
