"""Events published = events applied, for every kind that anybody follows; histories = states."""

from collections.abc import Iterator

from demo.reconciling.checks import Check, Evidence


def checks(evidence: Evidence) -> Iterator[Check]:
    """One check for each kind of aggregate, and one for each service's whole database."""
    yield Check(
        name="Topics hold every number once, in order", figures=_messages, differences=_gaps
    )
    for kind in sorted(evidence.books.kept):
        yield _applied(kind)
    for service in evidence.books.verdicts:
        yield _verified(service)


def _messages(evidence: Evidence) -> str:
    distinct = sum(map(evidence.published.count, evidence.published.events))
    return f"{evidence.published.messages:,} messages, {distinct:,} events"


def _gaps(evidence: Evidence) -> Iterator[str]:
    yield from evidence.published.faults


def _applied(kind: str) -> Check:
    def figures(evidence: Evidence) -> str:
        heard = ", ".join(
            f"{follower} {applied:,}"
            for (follower, followed), (_, applied) in evidence.books.applied.items()
            if followed == kind
        )
        published = evidence.published.count(kind)
        return (
            f"published {published:,}, recorded {evidence.books.versions(kind):,}; applied {heard}"
        )

    def differences(evidence: Evidence) -> Iterator[str]:
        published = evidence.published.count(kind)
        recorded = evidence.books.versions(kind)
        all_of_it = (len(evidence.books.kept[kind]), recorded)
        if published != recorded:
            yield f"{recorded} recorded, {published} published"
        for (follower, followed), (mirrors, applied) in evidence.books.applied.items():
            if followed == kind and (mirrors, applied) != all_of_it:
                yield f"{follower} has (subjects, events) {mirrors, applied}, not {all_of_it}"

    return Check(name=f"Events of {kind} applied", figures=figures, differences=differences)


def _verified(service: str) -> Check:
    def figures(evidence: Evidence) -> str:
        verdict = evidence.books.verdicts[service]
        aggregates, events = verdict.aggregates.total(), verdict.events.total()
        return f"{aggregates:,} aggregates from {events:,} events, {verdict.tallies} tallies"

    def differences(evidence: Evidence) -> Iterator[str]:
        yield from evidence.books.verdicts[service].differences

    return Check(
        name=f"Database of {service} = its history", figures=figures, differences=differences
    )
