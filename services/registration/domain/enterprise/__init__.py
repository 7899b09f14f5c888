"""The enterprise (Pelaku Usaha).

`decider` is the entrance; `identifiers` checks and hashes its numbers; `size_classes` computes its
size from its figures.
"""
