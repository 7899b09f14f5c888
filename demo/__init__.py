"""The demonstration: the ministry's programme of 2018, played on the whole system.

    programme   what is real (exhibitions, envelopes, targets, figures of 2017), and what is ours
    generator   what is fictional: enterprises, applications, score sheets, results; from a seed
    agenda      the year as moments of the programme clock, each with the stage that is played then
    stages      what people do at a moment, through the HTTP APIs only
    report      the programme's report, as the reporting service gives it
    reconciliation   `gelar audit` and `gelar verify`: every invariant, every figure, every copy

It lives in `.local/demo`, which every run empties, and touches nothing of `make up`.
"""


class DemoError(Exception):
    """The demonstration cannot go on; the message says what happened and where to look."""
