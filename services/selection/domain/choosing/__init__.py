"""The choice of those who get a place, under quotas, owners, places and money. Pure.

`problem` says what is to be chosen, `certificate` proves that no other choice has more points, and
`stops` says why a candidate of a higher rank was left out; `services.selection.solving.choice` lets
a solver choose. `choice` goes down the order of rank, for the promotions of reserves, and asks
`completion` if minima can still be met.
"""
