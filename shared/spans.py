"""The spans of a process, by OpenTelemetry's SDK: made by hand, with its names for HTTP and Kafka.

Imported by `shared.tracing` only, and only where traces are on. A span is recorded where its parent
is, and without a parent by the id of its trace, as `ParentBased(TraceIdRatioBased)` does; that is
decided here, because the SDK takes 12 microseconds to make a span that is not recorded. Its
provider is never the global one, so that no library adds spans with contents of ours. Errors are
named by their class: the text of an exception can quote a document.
"""

import random
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as RecordedSpan

from shared.kernel.recorded import Recorded
from shared.kernel.trace_context import is_sampled, sampled_of, trace_id_of, well_formed
from shared.kernel.wire import Message

LINKS_MAX = 128
RATIO_BITS = 64
"""The lower half of a trace's id decides if it is recorded."""
NOWHERE = Context()
"""No parent, even if a library has made some span the present one."""
OFFICIAL_NUMBER = re.compile(r"[0-9]{13}")
"""NIB, NPWP and NIK have 13 digits and more; 2 % of all random trace ids have so many in a row."""
FAILED = 500
CORRELATION = "kukm.correlation_id"
KIND = "kukm.kind"
Attributes = dict[str, str | int]


class BegunSpan:
    """A span that has begun: its context for what it causes, and its end; it may be unrecorded."""

    __slots__ = ("_recorded", "traceparent")

    def __init__(self, traceparent: str, recorded: RecordedSpan | None = None) -> None:
        self.traceparent = traceparent
        self._recorded = recorded

    @property
    def trace_id(self) -> str:
        """The id of its trace."""
        return trace_id_of(self.traceparent)

    def answered(self, method: str, route: str, status: int) -> None:
        """End the span of a request; status 0: no answer was begun."""
        if self._recorded is None:
            return
        self._recorded.update_name(f"{method} {route}")
        self._recorded.set_attribute("http.route", route)
        if status:
            self._recorded.set_attribute("http.response.status_code", status)
        if status >= FAILED or not status:
            self._fail(str(status or "no answer"))
        self._recorded.end()

    def end(self, error: BaseException | None = None) -> None:
        """End the span; an error is named by its class."""
        if self._recorded is None:
            return
        if error is not None:
            self._fail(type(error).__name__)
        self._recorded.end()

    def _fail(self, reason: str) -> None:
        assert self._recorded is not None
        self._recorded.set_attribute("error.type", reason)
        self._recorded.set_status(StatusCode.ERROR)


class Spans:
    """All spans of one process."""

    def __init__(self, service: str, ratio: float, processor: SpanProcessor) -> None:
        self._bound: int = round(ratio * 2**RATIO_BITS)
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create({SERVICE_NAME: service, SERVICE_NAMESPACE: "gelar"}),
            id_generator=_SampledIds(self._bound),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("gelar")

    def request(self, method: str, caller: str | None, correlation: str) -> BegunSpan:
        """Begin the span of a request; it is named once its route is known."""
        parent = well_formed(caller)
        if parent and OFFICIAL_NUMBER.search(parent):
            # The id of its trace would go to the topics, and it may be a citizen's number.
            parent = None
        if unrecorded := self._unrecorded(parent):
            return unrecorded
        attributes: Attributes = {"http.request.method": method, CORRELATION: correlation}
        return self._begin(method, SpanKind.SERVER, parent, attributes)

    def deadline(self, kind: str, correlation: str) -> BegunSpan:
        """Begin the span of a deadline's command."""
        if unrecorded := self._unrecorded(None):
            return unrecorded
        attributes: Attributes = {KIND: kind, CORRELATION: correlation}
        return self._begin(f"deadline {kind}", SpanKind.INTERNAL, None, attributes)

    def reaction(self, kind: str, traceparent: str, correlation: str) -> BegunSpan:
        """Begin the span of the commands that a recorded event of this kind has caused."""
        attributes: Attributes = {KIND: kind, CORRELATION: correlation}
        return self._begin(f"react {kind}", SpanKind.INTERNAL, traceparent, attributes)

    def sending(self, topic: str, events: Sequence[Recorded]) -> AbstractContextManager[None]:
        """Return the block of one publication; it has a span if one of its events is sampled."""
        carried = [event.traceparent for event in events if event.traceparent]
        contexts = _different(each for each in carried if is_sampled(each))
        return self._sending(topic, events, contexts) if contexts else nullcontext()

    @contextmanager
    def _sending(
        self, topic: str, events: Sequence[Recorded], contexts: Sequence[str]
    ) -> Iterator[None]:
        attributes = _messaging("send", len(events)) | {"messaging.destination.name": topic}
        span = self._begin_batch(f"send {topic}", SpanKind.CLIENT, contexts, attributes)
        try:
            yield
        except Exception as error:
            span.end(error)
            raise
        span.end()

    def processed(
        self,
        topics: Iterable[str],
        messages: Sequence[Message],
        group: str,
        seconds: float,
    ) -> None:
        """Make the span of a batch that is committed now, if one of its events is sampled."""
        contexts = _different(sampled_of(message.headers for message in messages))
        if not contexts:
            return
        attributes = _messaging("process", len(messages))
        attributes["messaging.consumer.group.name"] = group
        name, names = "process", sorted(topics)
        if len(names) == 1:
            name = f"process {names[0]}"
            attributes["messaging.destination.name"] = names[0]
        begun_at = time.time_ns() - int(seconds * 1e9)
        self._begin_batch(name, SpanKind.CONSUMER, contexts, attributes, begun_at).end()

    def close(self, seconds: float) -> None:
        """Send the spans that wait, within so many seconds."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(seconds)

    def _unrecorded(self, parent: str | None) -> BegunSpan | None:
        """Return a span that is not recorded, or None if it must be. Most requests get one."""
        ids = f"{random.getrandbits(192):048x}"
        if parent is None:
            sampled, trace_id = int(ids[16:32], 16) < self._bound, ids[:32]
        else:
            sampled, trace_id = is_sampled(parent), trace_id_of(parent)
        return None if sampled else BegunSpan(f"00-{trace_id}-{ids[32:]}-00")

    def _begin(
        self, name: str, kind: SpanKind, parent: str | None, attributes: Attributes
    ) -> BegunSpan:
        context = _as_parent(parent) if parent else NOWHERE
        return _recorded(self._tracer.start_span(name, context, kind, attributes))

    def _begin_batch(
        self,
        name: str,
        kind: SpanKind,
        contexts: Sequence[str],
        attributes: Attributes,
        begun_at: int | None = None,
    ) -> BegunSpan:
        """Begin the span of a batch, with links to these contexts; a single one is its parent too.

        So the trace of a request shows all of its way where few requests are recorded.
        """
        links = [Link(_context(traceparent)) for traceparent in contexts]
        parent = _as_parent(contexts[0]) if len(contexts) == 1 else NOWHERE
        return _recorded(
            self._tracer.start_span(name, parent, kind, attributes, links, start_time=begun_at)
        )


class _SampledIds(IdGenerator):
    """Ids of traces that are recorded: other samplers of the same ratio decide alike."""

    def __init__(self, bound: int) -> None:
        self._bound = max(1, bound)

    def generate_trace_id(self) -> int:
        return (random.getrandbits(64) or 1) << RATIO_BITS | random.randrange(self._bound)

    def generate_span_id(self) -> int:
        return random.getrandbits(64) or 1

    def is_trace_id_random(self) -> bool:
        return False


def exporting_to(url: str) -> SpanProcessor:
    """Return the processor that sends spans in batches and drops those for which it has no room."""
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=url))


def _messaging(operation: str, messages: int) -> Attributes:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.batch.message_count": messages,
    }


def _different(contexts: Iterable[str]) -> list[str]:
    """Return the contexts without repetition, in order, at most `LINKS_MAX`."""
    return list(dict.fromkeys(contexts))[:LINKS_MAX]


def _context(traceparent: str) -> SpanContext:
    _, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )


def _as_parent(traceparent: str) -> Context:
    return set_span_in_context(NonRecordingSpan(_context(traceparent)), NOWHERE)


def _recorded(span: RecordedSpan) -> BegunSpan:
    context = span.get_span_context()
    ids = f"{context.trace_id:032x}-{context.span_id:016x}"
    return BegunSpan(f"00-{ids}-{int(context.trace_flags):02x}", span)
