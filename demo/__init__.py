"""The demonstration: the ministry's programme of 2018, played on the whole system.

    programme_2018   real data (exhibitions, envelopes, targets, figures of 2017), and our own
    fiction          enterprises, applications, score sheets and sales, from a seed
    player           the year as moments of the programme clock, played through the HTTP APIs
    report           the programme's report, as the reporting service gives it
    reconciliation   `gelar audit` and `gelar verify`: every invariant, every figure, every copy

It lives in `.local/demo`, which every run empties, and touches nothing of `make up`.
"""


class DemoError(Exception):
    """The demonstration cannot go on; the message says what happened and where to look."""
