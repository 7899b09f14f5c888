"""The parts of a story in two languages: sentences, days and times, and the story itself.

`story` has the story of each status. Times are in UTC and in the zone of the exhibition's host.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.registration.domain.application.state import Application, Status
from services.registration.domain.exhibition.state import Exhibition
from services.registration.responses.application import Result
from services.registration.responses.rules import RuleResponse
from shared.contracts.calendar import label
from shared.contracts.words import Sentence
from shared.contracts.written_day import written_day


class Actor(StrEnum):
    """The side that must act next, or NONE after the end."""

    APPLICANT = "APPLICANT"
    MINISTRY = "MINISTRY"
    NONE = "NONE"


@dataclass(frozen=True, kw_only=True)
class Story:
    """The standing of an application: `now` and `next` in words, who must act, and by when.

    `because` has the reasons of its end, `help` what would help the next time or still now.
    """

    exhibition: str
    status: Status
    now: Sentence
    next: Sentence
    acts: Actor
    due_at: datetime | None
    because: tuple[Sentence, ...] = ()
    help: tuple[Sentence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Telling:
    """All that a story is made of; `rules` are the checks as they stand, `booth` its booth.

    `invitations` are those to the briefings that are still to come.
    """

    state: Application
    exhibition: Exhibition
    result: Result | None
    rules: Sequence[RuleResponse]
    booth: str | None = None
    invitations: tuple[Sentence, ...] = ()


def story(  # noqa: PLR0913 - a story has so many parts
    telling: Telling,
    now: tuple[str, str],
    next: tuple[str, str],
    acts: Actor,
    *,
    due_at: datetime | None = None,
    because: tuple[Sentence, ...] = (),
    help: tuple[Sentence, ...] = (),
) -> Story:
    """Return a story; `now` and `next` are in Indonesian and in English."""
    return Story(
        exhibition=telling.exhibition.name,
        status=telling.state.status,
        now=words(*now),
        next=words(*next),
        acts=acts,
        due_at=due_at,
        because=because,
        help=help,
    )


def words(indonesian: str, english: str) -> Sentence:
    """Return a sentence; it may be longer than a public text."""
    # It quotes the exhibition's name and an officer's codes, which are public already.
    return Sentence.model_construct(id=indonesian, en=english)


def day(at: date) -> tuple[str, str]:
    """Return a day as people write it: `1 Maret 2018`."""
    written = written_day(at)
    return written.id, written.en


def moment(at: datetime, zone: str) -> tuple[str, str]:
    """Return a time as people write it: `1 Maret 2018 pukul 23.59 WIB (16.59 UTC)`."""
    local, utc, name = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC), label(at, zone)
    indonesian, english = day(local.date())
    (utc_day, english_utc_day) = day(utc.date()) if utc.date() != local.date() else ("", "")
    return (
        f"{indonesian} pukul {local:%H.%M} {name} ({f'{utc_day} {utc:%H.%M}'.strip()} UTC)",
        f"{english}, {local:%H:%M} {name} ({f'{english_utc_day} {utc:%H:%M}'.strip()} UTC)",
    )


def unmet(telling: Telling) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Return the rules that are not met, each with its text, and the sentences that would help."""
    unmet = [rule for rule in telling.rules if rule.sentence is not None]
    return (
        tuple(
            words(f"Tidak terpenuhi: {rule.text.id}", f"Not met: {rule.text.en}") for rule in unmet
        ),
        tuple(rule.sentence for rule in unmet if rule.sentence is not None),
    )


def to_the_show(telling: Telling) -> tuple[str, str]:
    """Return where a participant is to be, on which days, and that it shows its code."""
    plan, booth = telling.exhibition.plan, telling.booth
    assert plan is not None, "an exhibition with participants is planned"
    first, last = day(plan.starts_on), day(plan.ends_on)
    stand = (f", stan {booth}", f", booth {booth}") if booth else ("", "")
    return (
        f"Hadirlah di {plan.venue}{stand[0]}, {first[0]} sampai {last[0]}, dan tunjukkan kode "
        "kehadiran Anda setiap hari.",
        f"Be at {plan.venue}{stand[1]}, {first[1]} to {last[1]}, and show your check-in code "
        "every day.",
    )


def ended(
    telling: Telling,
    now: tuple[str, str],
    *help: tuple[str, str],
    because: tuple[Sentence, ...] = (),
) -> Story:
    """Return the story of an application that has ended."""
    return story(
        telling,
        now,
        (
            "Permohonan ini selesai; Anda dapat mendaftar ke pameran lain.",
            "This application has ended; you can apply to another exhibition.",
        ),
        Actor.NONE,
        because=because,
        help=tuple(words(*each) for each in help),
    )
