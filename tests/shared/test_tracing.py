"""Spans of one process: off by default, recorded as the caller or the ratio says, bounded."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from shared import tracing
from shared.kernel.decider import Context, Origin
from shared.kernel.recorded import Recorded, record
from shared.kernel.trace_context import ids_of, traceparent_of, well_formed
from shared.kernel.wire import Message, encode
from shared.spans import LINKS_MAX
from tests.given import NOW
from tests.kernel.example import ItemAdded
from tests.shared.test_clock import settings

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MALFORMED = (
    "",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    f"00-{'0' * 32}-b7ad6b7169203331-01",
    f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
    f"{CALLER}-further",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


@contextmanager
def recording(ratio: float) -> Iterator[InMemorySpanExporter]:
    """Make spans in memory until the block ends."""
    exporter = InMemorySpanExporter()
    given = settings(traces_ratio=ratio)
    tracing.configure_tracing(given, "shop", SimpleSpanProcessor(exporter))
    try:
        yield exporter
    finally:
        tracing.stop_tracing()


def request_context(caller: str | None = None) -> str:
    """Return the context that a request's events get."""
    span = tracing.request_span("POST", caller, "c1")
    assert span is not None
    span.answered("POST", "/baskets/{basket}/items", 201)
    return span.traceparent


def event(number: int, traceparent: str | None) -> Recorded:
    context = Context(
        now=NOW,
        origin=Origin.PERSON,
        actor="ani",
        subject=f"b{number}",
        correlation_id="c1",
        traceparent=traceparent,
    )
    return record(ItemAdded(buyer="ani", item="kopi", price=2), 1, context, None)


def test_without_a_collector_no_span_is_made_and_the_sdk_is_not_imported() -> None:
    program = (
        "import sys; import shared.run, shared.tracing as tracing;"
        "from tests.shared.test_clock import settings;"
        "tracing.configure_tracing(settings(), 'shop');"
        "assert tracing.request_span('GET', None, 'c1') is None;"
        "assert tracing.sending('topic', []) is tracing.NO_SPAN;"
        "print(sorted(m for m in sys.modules if 'opentelemetry.sdk' in m or 'exporter' in m))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_the_share_of_the_ratio_is_recorded() -> None:
    with recording(0.25) as exporter:
        contexts = [request_context() for _ in range(2_000)]
    sampled = [context for context in contexts if context.endswith("-01")]
    assert len(exporter.get_finished_spans()) == len(sampled)
    assert 380 < len(sampled) < 620
    # Other samplers of this ratio decide alike: the lower half of the id is below the bound.
    assert all((int(each[19:35], 16) < 2**62) == (each in sampled) for each in contexts)
    assert len({context[3:35] for context in contexts}) == 2_000


@pytest.mark.parametrize(("ratio", "flags"), [(0.0, "01"), (1.0, "00")])
def test_a_request_is_recorded_where_its_caller_is(ratio: float, flags: str) -> None:
    with recording(ratio) as exporter:
        context = request_context(CALLER[:-2] + flags)
    assert context[:36] == CALLER[:36]
    assert context[36:52] != CALLER[36:52]
    assert context.endswith(flags)
    assert len(exporter.get_finished_spans()) == int(flags)


@pytest.mark.parametrize("caller", MALFORMED)
def test_a_malformed_context_is_not_taken(caller: str) -> None:
    assert well_formed(caller) is None
    assert traceparent_of({"traceparent": caller.encode()}) is None
    with recording(0.0):
        assert request_context(caller)[3:35] != CALLER[3:35]


def test_a_context_that_may_have_a_citizens_number_is_not_taken() -> None:
    caller = f"00-{'3201234567890001'}{'a' * 16}-b7ad6b7169203331-01"
    with recording(0.0) as exporter:
        assert "3201234567890001" not in request_context(caller)
    assert exporter.get_finished_spans() == ()


def test_bytes_that_are_no_context_are_none_and_not_logged() -> None:
    headers = {"traceparent": b"\xff", "ce_correlationid": b"\xff"}
    assert traceparent_of(headers) is None
    assert ids_of(headers) == {}
    assert ids_of({"traceparent": CALLER.encode(), "ce_correlationid": b"c1"}) == {
        "correlation_id": "c1",
        "trace_id": CALLER[3:35],
    }


def test_a_batch_has_a_link_to_each_of_its_recorded_contexts_up_to_a_bound() -> None:
    contexts = [f"00-{number:032x}-{number:016x}-01" for number in range(1, 200)]
    with recording(0.0) as exporter, tracing.sending("kukm.shop.v1", many := events(contexts)):
        pass
    (span,) = exporter.get_finished_spans()
    assert span.parent is None
    assert span.attributes is not None
    assert span.attributes["messaging.batch.message_count"] == len(many)
    assert [link.context.trace_id for link in span.links] == list(range(1, LINKS_MAX + 1))


def events(contexts: list[str]) -> list[Recorded]:
    """Return an event for each context, and between them some that are not recorded."""
    unrecorded = f"{CALLER[:-2]}00"
    return [
        event(number, given)
        for number, context in enumerate(contexts)
        for given in (None, unrecorded, context)
    ]


def test_a_batch_without_a_recorded_context_has_no_span() -> None:
    with recording(1.0) as exporter:
        with tracing.sending("kukm.shop.v1", [event(1, None), event(2, f"{CALLER[:-2]}00")]):
            pass
        tracing.batch_applied(["kukm.shop.v1"], [message(event(3, None))], "till.v1", 0.1)
    assert exporter.get_finished_spans() == ()


def test_a_worker_batch_of_several_topics_lasts_as_long_as_it_took() -> None:
    with recording(0.0) as exporter:
        batch = [message(event(1, CALLER)), message(event(2, None))]
        tracing.batch_applied(["kukm.shop.v1", "kukm.till.v1"], batch, "till.v1", 0.25)
    (span,) = exporter.get_finished_spans()
    assert span.name == "process"
    assert (span.end_time or 0) - (span.start_time or 0) == pytest.approx(0.25e9, rel=0.2)


def message(recorded: Recorded) -> Message:
    """Return the message of an event as a consumer receives it."""
    key, value, headers = encode("shop", recorded)
    found = {
        name: given.encode() if isinstance(given, str) else given or b"" for name, given in headers
    }
    return Message(("shop", 0), 1, key, found, value)


def test_a_failure_is_named_by_its_class_and_never_by_its_text() -> None:
    def publish() -> None:
        with tracing.sending("kukm.shop.v1", [event(1, CALLER)]):
            raise ValueError("Siti, NIK 3201234567890001")

    with recording(0.0) as exporter:
        with pytest.raises(ValueError, match="Siti"):
            publish()
        span = tracing.request_span("GET", CALLER, "c1")
        assert span is not None
        span.answered("GET", "unmatched", 500)
    failed = exporter.get_finished_spans()
    assert [span.status.status_code for span in failed] == [StatusCode.ERROR] * 2
    assert [(span.attributes or {})["error.type"] for span in failed] == ["ValueError", "500"]
    assert "Siti" not in "".join(span.to_json() for span in failed)


def test_only_the_spans_of_the_try_that_was_committed_are_recorded() -> None:
    entries = [
        {"event": "basket/b1@1", "kind": "basket", "correlation": "c1", "traceparent": CALLER},
        {"event": "basket/b2@1", "kind": "basket", "correlation": "c2"},
    ]
    with recording(0.0) as exporter:
        spans = tracing.ReactionSpans()
        first, second = spans.begin(entries), spans.begin(entries)
        assert exporter.get_finished_spans() == ()
        spans.end()
    (span,) = exporter.get_finished_spans()
    assert second[0]["traceparent"].split("-")[2] == f"{span.context.span_id:016x}"
    assert first[0]["traceparent"] != second[0]["traceparent"]
    assert first[1] is second[1] is entries[1]


def test_an_address_of_a_collector_is_whole_and_has_no_password() -> None:
    with pytest.raises(ValueError, match="write the whole address"):
        settings(traces_url="http://collector:4318")
    with pytest.raises(ValueError, match="OTEL_EXPORTER_OTLP_HEADERS"):
        settings(traces_url="http://user:hunter2@collector:4318/v1/traces")
    assert settings(traces_url="http://collector:4318/v1/traces").traces_ratio == 0.01
