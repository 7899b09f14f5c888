"""The reconciliation: whether what was published, kept, mirrored and paid is one and the same.

    books        everything that the four services keep, read from their databases
    published    every event of the four topics, read from their beginning
    checks       what a check is, and how its outcome is shown
    events, seats, eligibility, scores, money, outcomes, agreement, privacy   the checks

It reads databases and topics directly: there is no API for it, and an API could only repeat what
its own service believes.
"""
