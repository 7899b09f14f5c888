"""Random histories as reporting hears them, for the tests of its tallies.

Each subject's history is in order and plausible; `interleaved` lets subjects overtake each other.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationLapsed,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    AttendanceContested,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
)
from shared.contracts.reporting.outcome import (
    FollowUpReported,
    OutcomeDisputed,
    OutcomeReported,
    OutcomeVerified,
    OutcomeVoided,
    Rung,
)
from shared.contracts.words import Applicant, Scope
from tests.given import NOW
from tests.reporting.examples import applicant, rupiah

SHOWS = {"inacraft-2018": Scope.DOMESTIC, "ifex-2018": Scope.DOMESTIC, "mihas-2018": Scope.OVERSEAS}
FIRST_TIMER = {"a": True, "b": False, "c": True}
History = tuple[str, tuple[Event, ...]]


def journey(who: Applicant) -> tuple[Event, ...]:
    """An application's whole journey, to attendance and its contest."""
    return (
        ApplicationSubmitted(applicant=who, submitted_at=NOW, capacity=1),
        ApplicationVerified(applicant=who, rule_set="r", submitted_at=NOW),
        OfferReceived(applicant=who, deadline_at=NOW),
        PlaceAccepted(applicant=who),
        ParticipationConfirmed(applicant=who),
        ParticipantAttended(applicant=who),
        AttendanceContested(applicant=who, reason="sanction"),
    )


def _ends(who: Applicant) -> list[tuple[int, Event]]:
    # After how many steps of the journey each of these may end it.
    return [
        (1, ApplicationRejected(applicant=who, rule_set="r", reasons=("licence-missing",))),
        (1, ApplicationWithdrawn(applicant=who, reason="w")),
        (2, ApplicationLapsed(applicant=who, reason="cancelled")),
        (3, PlaceDeclined(applicant=who)),
        (3, OfferExpired(applicant=who)),
        (5, ParticipantAbsent(applicant=who)),
    ]


@st.composite
def application_histories(draw: st.DrawFn) -> list[History]:
    """Applications of three enterprises at three exhibitions, each as far as it came."""
    chosen = draw(st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(SHOWS)))))
    histories = []
    for enterprise, show in sorted(chosen):
        first_timer = FIRST_TIMER[enterprise]
        who = applicant(enterprise, show, scope=SHOWS[show], first_timer=first_timer)
        steps, end = draw(st.sampled_from([*((n, None) for n in range(1, 8)), *_ends(who)]))
        events = journey(who)[:steps]
        histories.append((who.application, (*events, end) if end else events))
    return histories


@st.composite
def outcome_histories(draw: st.DrawFn) -> list[History]:
    """Outcomes with follow-ups and judgements of both, in any order."""
    return [
        (f"o-{number}", _outcome(draw, f"o-{number}"))
        for number in range(draw(st.integers(min_value=0, max_value=4)))
    ]


def _outcome(draw: st.DrawFn, id: str) -> tuple[Event, ...]:
    show = draw(st.sampled_from(sorted(SHOWS)))
    rung = draw(st.sampled_from([Rung.POTENTIAL, Rung.RETAIL_SALE, Rung.ORDER_ON_SITE]))
    about: dict[str, Any] = {
        "outcome": id,
        "applicant": applicant("a", show, scope=SHOWS[show]),
    }
    country = draw(st.sampled_from(["ID", "MY"]))
    events: list[Event] = [OutcomeReported(rung=rung, **about, **rupiah(1_000, country=country))]
    follow_ups: list[str | None] = [None]
    for number in range(draw(st.integers(min_value=0, max_value=6))):
        if draw(st.booleans()):
            events.append(_follow_up(draw, about, f"f-{number}"))
            follow_ups.append(f"f-{number}")
        else:
            events.append(_judgement(draw, about, draw(st.sampled_from(follow_ups))))
    return tuple(events)


def _follow_up(draw: st.DrawFn, about: dict[str, Any], id: str) -> Event:
    worth = rupiah(
        draw(st.integers(min_value=1, max_value=9)), country=draw(st.sampled_from(["ID", "MY"]))
    )
    return FollowUpReported(follow_up=id, rung=Rung.FOLLOW_UP_REALISED, **about, **worth)


def _judgement(draw: st.DrawFn, about: dict[str, Any], follow_up: str | None) -> Event:
    judgements: list[type[Event]] = [OutcomeVerified, OutcomeDisputed, OutcomeVoided]
    cls = draw(st.sampled_from(judgements))
    fields = {**about, "rung": Rung.POTENTIAL, "amount_idr": 1, "devisa": False}
    return cls.model_validate({**fields, "follow_up": follow_up, "evidence": "e", "reason": "r"})


def interleaved(data: st.DataObject, histories: Sequence[History]) -> list[tuple[str, Event]]:
    """The events of all subjects: each subject's in order, the subjects in any."""
    turns = [subject for subject, events in histories for _ in events]
    left = {subject: iter(events) for subject, events in histories}
    return [(subject, next(left[subject])) for subject in data.draw(st.permutations(turns))]
