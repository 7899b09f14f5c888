"""The choice of candidates under the quotas of a call: of a ranking, and of each freed place.

`choice` is the entrance: it takes candidates in order of rank. `completion` finds out if the minima
can still be met by those who follow.
"""
