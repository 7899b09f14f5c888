"""The copies of reporting: every kind that any service publishes, and its own.

`registration`, `selection`, `budget` and `own` hold the mirrors, by publisher; `participation` the
one view, `tallies` the figures that follow them up and down. Reporting sends no commands, so it
has no reactions.
"""
