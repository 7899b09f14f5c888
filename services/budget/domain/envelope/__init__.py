"""The envelope of a programme's scope: the pagu, the blocked money and the allotments.

`decider` is the entrance; `state` folds the events; `pagu` holds the rules that open, block and
unblock; `revisions` holds the rules of a change of the pagu, which two people make; `allotments`
holds the rules of the money that goes to exhibitions and comes back; `costs` holds the rules of the
cost of a place; `postings` and `exhibition` check the document and the exhibition that a command
names.
"""
