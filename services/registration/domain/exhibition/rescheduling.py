"""The rule that gives an exhibition other days: earlier, or later (a postponement).

It may be done from the plan until the exhibition runs, also when its days went by. The new days are
of the year of the programme, because its money is. The other services follow
`ExhibitionRescheduled`; in this service each application that has not ended is checked against the
new days (`application.renewal`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.registration.domain.exhibition.planning import check_days
from services.registration.domain.exhibition.state import (
    Exhibition,
    Status,
    exhibition_fields,
)
from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.calendar import local_midnight, moment
from shared.contracts.registration.exhibition import (
    ExhibitionEvent,
    ExhibitionRescheduled,
    ReschedulingCode,
    RevokedDocuments,
)
from shared.contracts.registration.rule_set import EligibilityRule
from shared.contracts.words import Text
from shared.kernel.decider import Context, Refused, absent

# Commands


@dataclass(frozen=True, kw_only=True)
class RescheduleExhibition:
    """Give the exhibition other days.

    `reason` is for officers and auditors; the public learns the code.
    """

    code: ReschedulingCode
    reason: Text
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class ReschedulingFacts:
    """The applications that have not ended, and the rule set of the call, if there is a call.

    `revoked` are the documents that were revoked, of the enterprise of each application.
    """

    live: tuple[str, ...]
    rule_set: RuleSet | None = None
    revoked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


RESCHEDULABLE = frozenset(
    {
        Status.PLANNED,
        Status.CALL_OPEN,
        Status.CALL_CLOSED,
        Status.VERIFIED,
        Status.DECREED,
    }
)
"""The statuses in which an exhibition has days and does not run yet."""

# Rules


def reschedule_exhibition(
    command: RescheduleExhibition,
    facts: ReschedulingFacts,
    state: Exhibition | None,
    context: Context,
) -> Sequence[ExhibitionEvent]:
    """Give a planned exhibition that does not run yet other days of its year."""
    if state is None:
        return absent(context, "exhibition")
    if state.status not in RESCHEDULABLE or state.plan is None:
        raise Refused(
            "not-reschedulable",
            f"The exhibition is {state.status}: you can reschedule it only after it is planned and "
            "before it runs.",
        )
    if (command.starts_on, command.ends_on) == (state.plan.starts_on, state.plan.ends_on):
        raise Refused("nothing-changed", "The exhibition has these days already: name other days.")
    check_days(command.starts_on, command.ends_on, state, context)
    _check_call(command, state)
    return [
        ExhibitionRescheduled(
            code=command.code,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            applications=tuple(sorted(facts.live)),
            rules=tuple(_rules_of_the_call(facts, state)),
            revoked=tuple(
                RevokedDocuments(application=id, documents=documents)
                for id, documents in sorted(facts.revoked.items())
                if documents
            ),
            reason=command.reason,
            **exhibition_fields(state, context),
        )
    ]


def _rules_of_the_call(facts: ReschedulingFacts, state: Exhibition) -> Iterator[EligibilityRule]:
    """Yield the rules that read documents and count for this call: each check carries them."""
    if facts.rule_set is None or state.call is None:
        return
    for rule in facts.rule_set.document_rules:
        if not rule.optional or rule.code in state.call.requirements:
            yield rule


def _check_call(command: RescheduleExhibition, state: Exhibition) -> None:
    starts_at = local_midnight(command.starts_on, state.zone)
    if state.call is None or state.call.closes_at < starts_at:
        return
    raise Refused(
        "starts-before-closing",
        f"The call closes at {moment(state.call.closes_at, state.zone)}, and its terms do not "
        "change: choose a first day after that.",
    )
