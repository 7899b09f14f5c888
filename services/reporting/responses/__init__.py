"""The figures that readers see, computed on each read from the exact tallies; pure.

`figures` has sums, ratios and the type of a sum of money; `part` says which part of the programme
an answer covers. `achievement`, `funnel`, `budget`, `exhibitions`, `outcomes` and `participation`
are the parts of the report; `report` puts them together. `outcome` and `rate` are the fields of a
single outcome and of a rate, as each reader sees them.
"""
