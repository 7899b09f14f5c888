"""What reporting keeps of what it follows: every kind that any service publishes, and its own.

`registration`, `selection`, `budget` and `own` hold the mirrors, by publisher; `participation` the
one view, `tallies` the figures that follow them up and down. Reporting commands nobody, so it has
no reactions.
"""
