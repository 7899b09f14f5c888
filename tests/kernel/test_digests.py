"""A log proves itself: whatever is changed, taken out or put in is found; what is erased is not."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gelar.checking.databases.archive import Archive
from gelar.checking.topics.log import Log
from shared.kernel.digests import Proved, commitment_of, digest_of, salt
from shared.kernel.recorded import Recorded, record
from shared.kernel.wire import Message, encode
from shared.kernel.wire import recorded as received
from tests.given import context
from tests.kernel.example import ItemAdded

SUBJECT = "b-1"


def chained(number: int) -> list[Recorded]:
    """Return so many events of a basket, each of which hides its buyer."""
    events, before = list[Recorded](), ""
    for sequence in range(1, number + 1):
        event = ItemAdded(buyer=f"buyer {sequence}", item="kopi", price=sequence)
        events.append(record(event, sequence, context(subject=SUBJECT), None, before))
        before = events[-1].digest
    return events


def archive(events: list[Mapping[str, Any]]) -> list[str]:
    found = Archive()
    for event in events:
        found.take(event)
    return found.faults


def rows(events: list[Recorded]) -> list[dict[str, Any]]:
    """Return the documents of history."""
    return [
        {"_id": event.id, **{each.name: getattr(event, each.name) for each in fields(event)}}
        for event in events
    ]


def test_the_digest_is_made_of_seven_lines() -> None:
    first, second = chained(2)
    assert first.private is not None
    lines = [
        first.digest,
        second.id,
        second.type,
        second.time,
        second.actor,
        second.commitment,
        second.data,
    ]
    assert second.digest == sha256("\n".join(lines).encode()).hexdigest()
    hidden = f"{first.salt}\n{first.private}".encode()
    assert first.commitment == sha256(hidden).hexdigest()


def test_the_same_private_part_has_another_commitment_each_time() -> None:
    """Else a score could be guessed: all levels from 1 to 5 are tried at once."""
    commitments = {commitment_of('{"level":4}', salt()) for _ in range(50)}
    assert len(commitments) == 50
    assert commitment_of(None, None) == ""


def test_a_sound_history_has_no_faults_and_an_erased_private_part_is_none() -> None:
    sound = rows(chained(4))
    assert archive(list(sound)) == []
    sound[1] |= {"private": None, "salt": None}
    assert archive(list(sound)) == []


CHANGED = st.sampled_from(["type", "time", "actor", "data", "commitment", "private", "salt"])


@settings(max_examples=200)
@given(st.integers(0, 3), CHANGED, st.data())
def test_a_changed_sign_is_found(place: int, name: str, data: st.DataObject) -> None:
    events = rows(chained(4))
    text = events[place][name]
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.characters(codec="ascii").filter(lambda sign: sign != text[at]))
    events[place][name] = f"{text[:at]}{sign}{text[at + 1 :]}"
    assert events[place]["_id"] in " ".join(archive(list(events)))


@pytest.mark.parametrize(
    "forge",
    [
        lambda events: events.pop(1),
        lambda events: events.insert(2, events[1]),
        lambda events: events.reverse(),
        lambda events: events[2].update(digest=""),
        lambda events: events[2].update(digest="0" * 64),
        lambda events: events[1].update(_id=events[1]["_id"].replace("2", "7")),
    ],
)
def test_an_event_that_is_missing_moved_or_has_another_digest_is_found(
    forge: Callable[[list[dict[str, Any]]], object],
) -> None:
    events = rows(chained(4))
    forge(events)
    assert archive(list(events))


def test_events_of_a_version_without_digests_come_before_those_that_have_them() -> None:
    events = rows(chained(3))
    for event in events[:2]:
        event.update(digest="", commitment="")
    last = events[2]
    names = ("type", "time", "actor", "commitment", "data")
    last["digest"] = digest_of("", Proved(last["_id"], *(last[name] for name in names)))
    assert archive(list(events)) == []


def test_the_topic_carries_the_digest_and_neither_salt_nor_private_part() -> None:
    event = chained(1)[0]
    key, value, headers = encode("shop", event)
    named: dict[str, Any] = dict(headers)
    assert (named["ce_digest"], named["ce_commitment"]) == (
        event.digest.encode(),
        event.commitment.encode(),
    )
    assert event.salt is not None
    assert event.salt not in str(headers)
    message = Message(("shop", 0), 0, key, named, value)
    back = received(message)
    assert (back.digest, back.commitment) == (event.digest, event.commitment)
    assert (back.salt, back.private) == (None, None)


def test_the_log_finds_a_changed_header(monkeypatch: pytest.MonkeyPatch) -> None:
    from gelar.checking.topics import log as module

    lines = []
    for offset, event in enumerate(chained(3)):
        _, value, headers = encode("shop", event)
        lines.append(module._line("shop", 0, offset, dict(headers), value))
    sound = Log()
    assert all(sound.take(line) for line in lines)
    assert sound.faults == []
    for change in ({"actor": "another"}, {"time": "2018-01-01T00:00:00Z"}, {"data": b"{}"}):
        forged = Log()
        for number, line in enumerate(lines):
            values = {each.name: getattr(line, each.name) for each in fields(line)}
            forged.take(module.Line(**{**values, **(change if number == 1 else {})}))
        (fault,) = forged.faults
        assert lines[1].id in fault.text
