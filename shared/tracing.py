"""Traces: the door to OpenTelemetry for every part of a process. Off by default.

Without `KUKM_TRACES_URL` no span is made and nothing of the SDK is imported: each function here
then costs one comparison. With it, `shared.spans` makes the spans and sends them to a collector.

1. A request begins a trace, or continues its caller's (`request_span`); so does a deadline's
   command (`deadline_span`). The events of its decision carry the context, to the outbox and to
   the topic (`Context.traceparent`, `Recorded.traceparent`).
2. The relay's span `send` has links to the contexts of its events (`sending`), and so has the
   worker's span `process` (`batch_applied`). They are made for batches with a sampled event only.
3. A reaction continues the trace of the event that caused it (`ReactionSpans`), and its events
   carry that on. A service whose traces are off carries the context on as it came.

Spans have names, codes and counts. They never have a path, an id of a record, a person or a body.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from shared.kernel.recorded import Recorded
from shared.kernel.trace_context import is_sampled
from shared.kernel.wire import Message
from shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

    from shared.spans import Spans


class Span(Protocol):
    """A span that has begun: its trace, the context for what it causes, and its end."""

    traceparent: str

    @property
    def trace_id(self) -> str:
        """The id of its trace."""
        ...

    def answered(self, method: str, route: str, status: int) -> None:
        """End the span of a request; status 0: no answer was begun."""
        ...

    def end(self, error: BaseException | None = None) -> None:
        """End the span; an error is named by its class."""
        ...


NO_SPAN: AbstractContextManager[None] = nullcontext()
FLUSH_SECONDS = 1.0
PRESENT_TRACE: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace of the request that is being served, for its log lines."""
_spans: "Spans | None" = None


def configure_tracing(
    settings: Settings, service: str, processor: "SpanProcessor | None" = None
) -> None:
    """Begin to make spans if the settings name a collector, or for a `processor` of a test."""
    global _spans
    if settings.traces_url is None and processor is None:
        return
    # Imported where traces are on only: the SDK takes memory and time at the start.
    from shared.spans import Spans, exporting_to

    processor = processor or exporting_to(str(settings.traces_url))
    _spans = Spans(service, settings.traces_ratio, processor)


def stop_tracing() -> None:
    """Make no more spans, and send those that wait, for a second at most."""
    global _spans
    spans, _spans = _spans, None
    if spans is not None:
        spans.close(FLUSH_SECONDS)


def is_tracing() -> bool:
    """Return True if this process makes spans."""
    return _spans is not None


def request_span(method: str, caller: str | None, correlation: str) -> Span | None:
    """Begin the span of a request, in the trace of its caller's `traceparent` if it has one."""
    if _spans is None:
        return None
    return _spans.request(method, caller, correlation)


def deadline_span(kind: str, correlation: str) -> Span | None:
    """Begin the span of a deadline's command, in a trace of its own."""
    if _spans is None:
        return None
    return _spans.deadline(kind, correlation)


def sending(topic: str, events: Sequence[Recorded]) -> AbstractContextManager[object]:
    """Return the block in which these events are published, with its span."""
    if _spans is None:
        return NO_SPAN
    return _spans.sending(topic, events)


def batch_applied(
    topics: Iterable[str], messages: Sequence[Message], group: str, seconds: float
) -> None:
    """Make the span of a batch that is committed now."""
    if _spans is None:
        return
    _spans.processed(topics, messages, group, seconds)


class ReactionSpans:
    """The spans of events whose commands are decided in one transaction, by the event's id.

    A transaction may be tried several times: only the spans of the try that was committed are
    ended, and so recorded.
    """

    def __init__(self) -> None:
        self._begun: dict[str, Span] = {}

    def begin(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Begin the spans of a try; return the entries with the contexts that their events get."""
        if _spans is None:
            return entries
        self._begun.clear()
        return [self._continued(_spans, entry) for entry in entries]

    def end(self) -> None:
        """End the spans: their transaction is committed."""
        for span in self._begun.values():
            span.end()

    def _continued(self, spans: "Spans", entry: dict[str, Any]) -> dict[str, Any]:
        traceparent = entry.get("traceparent")
        if traceparent is None or not is_sampled(traceparent):
            return entry
        span = spans.reaction(entry["kind"], traceparent, entry["correlation"])
        self._begun[entry["event"]] = span
        return {**entry, "traceparent": span.traceparent}
