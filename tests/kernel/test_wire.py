"""The CloudEvents SDK and our own decoder read the golden message of the wire format."""

import re
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.kernel.recorded import Recorded
from shared.kernel.wire import Message, Undecodable, decode, encode, recorded

RECORDED = Recorded(
    id="application/inacraft-2018.e1@00000000000000000003",
    type="id.go.kukm.registration.place-accepted.v1",
    time="2018-03-01T02:03:04.005Z",
    data='{"applicant":{"exhibition":"inacraft-2018"}}',
    private=None,
    actor="rep-1",
    correlation="c-1",
    causation="round/inacraft-2018@00000000000000000009",
    receipt="r",
    body="b",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
GOLDEN = {
    "ce_specversion": b"1.0",
    "ce_id": b"application/inacraft-2018.e1@00000000000000000003",
    "ce_source": b"/kukm/registration/application",
    "ce_type": b"id.go.kukm.registration.place-accepted.v1",
    "ce_time": b"2018-03-01T02:03:04.005Z",
    "ce_subject": b"inacraft-2018.e1",
    "ce_dataschema": b"urn:kukm:schema:registration.place-accepted.v1",
    "ce_sequence": b"00000000000000000003",
    "ce_partitionkey": b"inacraft-2018.e1",
    "ce_correlationid": b"c-1",
    "ce_actor": b"rep-1",
    "ce_causationid": b"round/inacraft-2018@00000000000000000009",
    "traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "content-type": b"application/json",
}


def message(**changes: Any) -> Message:
    """Make the golden message with changed headers (None removes a header), key or value."""
    key, value, headers = encode("registration", RECORDED)
    named: dict[str, Any] = {**dict(headers), **changes.pop("headers", {})}
    whole = Message(
        partition=("registration", 0),
        offset=7,
        key=key,
        headers={name: header for name, header in named.items() if header is not None},
        value=value,
    )
    return whole._replace(**changes)


def test_the_bytes_of_the_wire_do_not_change() -> None:
    key, value, headers = encode("registration", RECORDED)
    assert (key, value) == (b"inacraft-2018.e1", RECORDED.data.encode())
    assert dict(headers) == GOLDEN


def test_the_cloudevents_sdk_reads_our_bytes() -> None:
    key, value, headers = encode("registration", RECORDED)
    raw = KafkaMessage(headers=dict(headers), key=key, value=value)  # type: ignore[arg-type]  # bytes all
    event = from_binary(raw, JSONFormat(), CloudEvent)
    assert event.get_id() == RECORDED.id
    assert event.get_type() == RECORDED.type
    assert event.get_source() == "/kukm/registration/application"
    assert event.get_subject() == "inacraft-2018.e1"
    assert event.get_extension("sequence") == "00000000000000000003"
    assert event.get_data() == {"applicant": {"exhibition": "inacraft-2018"}}


def test_our_decoder_reads_our_bytes() -> None:
    frame = decode(message())
    assert (frame.service, frame.kind, frame.subject) == (
        "registration",
        "application",
        "inacraft-2018.e1",
    )
    assert (frame.sequence, frame.type, frame.actor) == (3, RECORDED.type, "rep-1")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"headers": {"ce_id": None}}, "ce_id is missing"),
        ({"headers": {"ce_source": None}}, "ce_source is missing"),
        ({"headers": {"ce_source": b"nonsense"}}, "malformed"),
        ({"headers": {"ce_source": b"/kukm/budget/envelope"}}, "does not publish"),
        ({"headers": {"ce_sequence": b"many"}}, "malformed"),
        ({"headers": {"ce_sequence": b"3"}}, "malformed"),
        ({"headers": {"ce_sequence": b" 0000000000000000003"}}, "malformed"),
        ({"headers": {"ce_sequence": b"+0000000000000000003"}}, "malformed"),
        ({"headers": {"ce_sequence": b"0000000000000000_003"}}, "malformed"),
        ({"headers": {"ce_sequence": "0000000000000000000٣".encode()}}, "malformed"),
        ({"headers": {"ce_sequence": b"0" * 20}}, "below 1"),
        ({"headers": {"ce_sequence": b"9" * 20}}, "above 9223372036854775807"),
        ({"headers": {"ce_sequence": b"%020d" % 2**63}}, "above 9223372036854775807"),
        ({"headers": {"ce_sequence": b"0" * 19 + b"4"}}, "ce_id"),
        ({"headers": {"ce_id": b"application/e1"}}, "ce_id"),
        ({"headers": {"ce_source": b"/elsewhere/registration/application"}}, "ce_source"),
        ({"headers": {"ce_time": b"2018-03-01T02:03:04"}}, "ce_time"),
        ({"headers": {"ce_time": b"2018-03-01"}}, "ce_time"),
        ({"headers": {"ce_time": b"2018-02-31T02:03:04Z"}}, "ce_time"),
        ({"headers": {"ce_subject": b""}, "key": b""}, "ce_subject"),
        ({"headers": {"ce_subject": b"s" * 300}, "key": b"s" * 300}, "ce_subject"),
        ({"fault": "the name of a header is not UTF-8"}, "not UTF-8"),
        ({"headers": {"ce_time": b"yesterday"}}, "malformed"),
        ({"headers": {"ce_specversion": b"0.3"}}, "specversion"),
        ({"headers": {"ce_type": b"\xff"}}, "malformed"),
        ({"key": b"other"}, "key"),
        ({"key": None}, "key"),
    ],
)
def test_a_message_that_is_no_event_of_ours_is_undecodable(changes: Any, reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        decode(message(**changes))


ANY_HEADERS = st.dictionaries(
    st.sampled_from(sorted(GOLDEN)) | st.text(max_size=10),
    st.binary(max_size=40)
    | st.text(max_size=20).map(str.encode)
    | st.from_regex(r"[0-9 +_-]{1,22}").map(str.encode),
    max_size=4,
)


@settings(max_examples=1_000)
@given(
    headers=ANY_HEADERS,
    key=st.binary(max_size=20) | st.none(),
    value=st.binary(max_size=40) | st.none(),
)
@example(headers={"ce_causationid": b"\xff"}, key=None, value=b"{}")
@example(headers={"traceparent": b"\xff"}, key=None, value=b"{}")
@example(headers={}, key=None, value=b"\xff")
@example(headers={}, key=None, value=None)
def test_a_message_with_any_headers_is_an_event_or_undecodable(
    headers: dict[str, bytes], key: bytes | None, value: bytes | None
) -> None:
    changes = {"key": key} if key else {}
    whole = message(headers=headers, value=value, **changes)
    try:
        frame = decode(whole)
    except Undecodable as fault:
        with pytest.raises(Undecodable, match=re.escape(str(fault))):
            recorded(whole)
        return
    assert 1 <= frame.sequence < 2**63
    assert datetime.fromisoformat(frame.time).tzinfo is not None
    texts = [frame.data, *(headers.get(name, b"") for name in ("ce_causationid", "traceparent"))]
    if any(text.decode(errors="replace").encode() != text for text in texts):
        with pytest.raises(Undecodable, match="its text is malformed"):
            recorded(whole)
        return
    event = recorded(whole)
    assert (event.id, event.data.encode()) == (frame.id, frame.data)


@given(st.builds(message, headers=ANY_HEADERS), st.text(max_size=10))
def test_a_message_is_the_same_after_it_was_stored(whole: Message, fault: str) -> None:
    assert Message.of(whole._replace(fault=fault).stored()) == whole._replace(fault=fault)
