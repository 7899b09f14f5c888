"""Random histories that reporting receives, for the tests of its tallies.

The history of each subject is plausible and in order; `interleaved` mixes the subjects.
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
    AttendanceCorrected,
    OfferExpired,
    OfferReceived,
    ParticipantAbsent,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
    PlaceDeclined,
    SlotReturned,
)
from shared.contracts.registration.application_codes import WithdrawalCode
from shared.contracts.registration.check_in import (
    AttendanceRetracted,
    CheckInUndone,
    ParticipantCheckedIn,
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
from tests.reporting.examples import TODAY, applicant, rupiah

SHOWS = {"inacraft-2018": Scope.DOMESTIC, "ifex-2018": Scope.DOMESTIC, "mihas-2018": Scope.OVERSEAS}
FIRST_TIMER = {"a": True, "b": False, "c": True}
History = tuple[str, tuple[Event, ...]]


def journey(applicant: Applicant) -> tuple[Event, ...]:
    """Return the whole journey of an application, to the attendance and its contest."""
    return (
        ApplicationSubmitted(applicant=applicant, submitted_at=NOW, capacity=1, rule_set="r"),
        ApplicationVerified(
            applicant=applicant, rule_set="r", submitted_at=NOW, valid_through=TODAY
        ),
        OfferReceived(applicant=applicant, deadline_at=NOW),
        PlaceAccepted(applicant=applicant, slot=1),
        ParticipationConfirmed(applicant=applicant),
        ParticipantAttended(applicant=applicant),
        AttendanceContested(applicant=applicant, reason="sanction"),
    )


RECORDS = (ParticipantAttended, ParticipantAbsent, AttendanceCorrected, AttendanceRetracted)


def says_present(event: Event) -> bool | None:
    """Return None for a record that takes an attendance back."""
    match event:
        case AttendanceCorrected():
            return event.present
        case _:
            return {ParticipantAttended: True, ParticipantAbsent: False}.get(type(event))


def _ends(applicant: Applicant) -> list[tuple[int, tuple[Event, ...]]]:
    # Each number of steps of the journey, with events that may end the journey after them.
    absent = ParticipantAbsent(applicant=applicant)
    contested = AttendanceContested(applicant=applicant, reason="sanction")
    withdrawn = ApplicationWithdrawn(
        applicant=applicant, code=WithdrawalCode.OTHER, after_decree=True
    )
    came, stayed_away = (
        AttendanceCorrected(applicant=applicant, present=present) for present in (True, False)
    )
    checked_in = ParticipantCheckedIn(applicant=applicant, day=TODAY, scanned_at=NOW)
    undone = CheckInUndone(applicant=applicant, day=TODAY)
    retracted = AttendanceRetracted(applicant=applicant)
    return [
        (1, (ApplicationRejected(applicant=applicant, rule_set="r", reasons=("no-licence",)),)),
        (1, (ApplicationWithdrawn(applicant=applicant, code=WithdrawalCode.OTHER),)),
        (5, (withdrawn, SlotReturned(applicant=applicant))),
        (2, (ApplicationLapsed(applicant=applicant, reason="cancelled"),)),
        (3, (PlaceDeclined(applicant=applicant),)),
        (3, (OfferExpired(applicant=applicant),)),
        (5, (absent,)),
        (5, (absent, came)),
        (5, (absent, contested)),
        (5, (absent, contested, came)),
        (6, (stayed_away,)),
        (6, (stayed_away, came)),
        (7, (stayed_away,)),
        (7, (stayed_away, came)),
        (6, (checked_in, undone, retracted)),
        (6, (checked_in, undone, retracted, absent)),
        (6, (retracted, ParticipantAttended(applicant=applicant, checked_in=True), contested)),
    ]


@st.composite
def application_histories(draw: st.DrawFn) -> list[History]:
    """Draw applications of three enterprises at three exhibitions, each to some step."""
    chosen = draw(st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(SHOWS)))))
    histories = []
    for enterprise, show in sorted(chosen):
        first_timer = FIRST_TIMER[enterprise]
        participant = applicant(enterprise, show, scope=SHOWS[show], first_timer=first_timer)
        steps, end = draw(st.sampled_from([*((n, ()) for n in range(1, 8)), *_ends(participant)]))
        histories.append((participant.application, (*journey(participant)[:steps], *end)))
    return histories


@st.composite
def outcome_histories(draw: st.DrawFn) -> list[History]:
    """Draw outcomes with follow-ups, and judgements of both in any order."""
    return [
        (f"o-{number}", _outcome(draw, f"o-{number}"))
        for number in range(draw(st.integers(min_value=0, max_value=4)))
    ]


def _outcome(draw: st.DrawFn, id: str) -> tuple[Event, ...]:
    show = draw(st.sampled_from(sorted(SHOWS)))
    rung = draw(st.sampled_from([Rung.POTENTIAL, Rung.RETAIL_SALE, Rung.ORDER_ON_SITE]))
    fields: dict[str, Any] = {
        "outcome": id,
        "applicant": applicant("a", show, scope=SHOWS[show]),
    }
    country = draw(st.sampled_from(["ID", "MY"]))
    events: list[Event] = [OutcomeReported(rung=rung, **fields, **rupiah(1_000, country=country))]
    follow_ups: list[str | None] = [None]
    for number in range(draw(st.integers(min_value=0, max_value=6))):
        if draw(st.booleans()):
            events.append(_follow_up(draw, fields, f"f-{number}"))
            follow_ups.append(f"f-{number}")
        else:
            events.append(_judgement(draw, fields, draw(st.sampled_from(follow_ups))))
    return tuple(events)


def _follow_up(draw: st.DrawFn, fields: dict[str, Any], id: str) -> Event:
    valuation = rupiah(
        draw(st.integers(min_value=1, max_value=9)), country=draw(st.sampled_from(["ID", "MY"]))
    )
    return FollowUpReported(follow_up=id, rung=Rung.FOLLOW_UP_REALISED, **fields, **valuation)


def _judgement(draw: st.DrawFn, fields: dict[str, Any], follow_up: str | None) -> Event:
    judgements: list[type[Event]] = [OutcomeVerified, OutcomeDisputed, OutcomeVoided]
    cls = draw(st.sampled_from(judgements))
    amount = {"rung": Rung.POTENTIAL, "amount_idr": 1, "devisa": False}
    judgement = {
        "follow_up": follow_up,
        "kind_of_evidence": "other",
        "code": "other",
        "judged_on": TODAY,
    }
    return cls.model_validate({**fields, **amount, **judgement})


def interleaved(data: st.DataObject, histories: Sequence[History]) -> list[tuple[str, Event]]:
    """Return the events of all subjects mixed; those of each subject stay in order."""
    subjects = [subject for subject, events in histories for _ in events]
    remaining = {subject: iter(events) for subject, events in histories}
    order = data.draw(st.permutations(subjects))
    return [(subject, next(remaining[subject])) for subject in order]
