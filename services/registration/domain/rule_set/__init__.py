"""The rule set: the hard requirements of applicants as data.

`decider` is the entrance; `interpreter` checks the rules of a set against the facts of an
application; `size_classes` finds the size class of an enterprise by the law of a set.
"""
