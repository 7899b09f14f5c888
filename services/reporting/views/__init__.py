"""The copies of reporting: of every kind that a service publishes, its own kinds included.

`registration`, `applications`, `selection`, `budget` and `own` hold the mirrors, by publisher;
`participation` holds the view of participants; `tallies` holds the figures, which are updated with
the mirrors and the view. Reporting's only commands are on its own outcomes (`reactions`).
"""
