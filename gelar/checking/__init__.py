"""The history checker: compare the events in the topics with the contents of the databases.

`topics` checks the topics alone, with none of the kernel's code: `log` the numbers and bytes of the
events, `money` the reservations. `databases` compares the topics with the databases: `archive` with
each publisher's history, `folds` with the mirrors, views and tallies, which it folds from the first
event with the services' own `evolve` and `contribution`, up to their checkpoints. `check` runs all
of them; it may run while everything runs. `findings` are the differences, and the advice on them.
"""
