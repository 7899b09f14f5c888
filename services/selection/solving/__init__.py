"""Problems that a solver answers: pure functions of numbers, which take processor time.

A decider never solves: it checks what it is given.
"""
