"""The exchange rate of a day.

`decider` is the entrance; `state` folds the events; `sources` lists the sources with their
currencies; `fixing` holds the rule of a new rate, `correction` those of a second person.
"""
