"""A trace, from a request through outbox and topic to the view and the reaction of another service.

On real servers, with the spans in memory.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from shared.clock import write_clock
from shared.contracts.words import Id
from shared.http import command, routes, running
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.messaging.topics import topic_name
from shared.observability import add_trace
from shared.service import Service
from shared.settings import Settings
from shared.store.history import History
from shared.tracing import configure_tracing, stop_tracing
from tests.conftest import eventually
from tests.given import NOW
from tests.kernel.example import AddItem, SealBasket, basket, buyers, shop, till
from tests.kernel.test_loops import person
from tests.serving import Api, served
from tests.settled import settled

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = int("0af7651916cd43dd8448eb211c80319c", 16)
router = routes("basket")


@router.post("/baskets/{basket_id}/items", status_code=201)
async def add_item(
    basket_id: Id,
    body: AddItem,
    context: Annotated[Context, command("programme-officer")],
    service: Annotated[Service, running()],
) -> Answer:
    """Add an item to a basket."""
    structlog.get_logger().info("adding")
    return await service.handle(basket, basket_id, body, context)


@pytest.fixture
def traced(settings: Settings) -> Iterator[InMemorySpanExporter]:
    """Make spans of traces that a caller records, and keep them in memory."""
    exporter = InMemorySpanExporter()
    none_of_ours = settings.model_copy(update={"traces_ratio": 0.0})
    configure_tracing(none_of_ours, "shop", SimpleSpanProcessor(exporter))
    yield exporter
    stop_tracing()


def named(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    """Return the finished spans by name; fails if two have the same."""
    spans = exporter.get_finished_spans()
    found = {span.name: span for span in spans}
    assert len(found) == len(spans), [span.name for span in spans]
    return found


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def add(api: Api, name: str, item: str, **headers: str) -> httpx.Response:
    """Add an item to a basket as an officer does; the answer is 201."""
    body = {"item": item, "price": 5, "buyer": "ani"}
    answer = await api.command("programme-officer", f"/baskets/{name}/items", body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_trace_goes_from_a_request_to_the_view_and_the_reaction_of_another_service(
    settings: Settings, token_keys: Path, traced: InMemorySpanExporter
) -> None:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(served(shop(), (router,), settings, token_keys))
        billing = await stack.enter_async_context(till().opened(settings))
        answer = await add(api, "b1", "batik", traceparent=CALLER)
        await settled(api.service, billing)
        assert await billing.load(buyers, "ani") is not None
    spans = named(traced)
    of_shop, of_till = (topic_name(settings.namespace, name) for name in ("shop", "till"))
    request, react = spans["POST /baskets/{basket_id}/items"], spans["react basket"]
    # All of them are of the caller's trace, each under what has caused it.
    assert {span.context.trace_id for span in spans.values()} == {TRACE}
    assert {name: span.parent.span_id for name, span in spans.items() if span.parent} == {
        request.name: int(CALLER[36:52], 16),
        f"send {of_shop}": request.context.span_id,
        f"process {of_shop}": request.context.span_id,
        "react basket": request.context.span_id,
        f"send {of_till}": react.context.span_id,
        f"process {of_till}": react.context.span_id,
    }
    # Batches have links to the contexts of their events.
    for name in (f"send {of_shop}", f"process {of_shop}"):
        (link,) = spans[name].links
        assert link.context.span_id == request.context.span_id
    check_attributes(spans, of_shop, answer.headers["x-correlation-id"])


def check_attributes(spans: dict[str, ReadableSpan], topic: str, correlation: str) -> None:
    """Check that the spans say what was done, and neither to whom nor with which words."""
    assert attributes(spans["POST /baskets/{basket_id}/items"]) == {
        "http.request.method": "POST",
        "http.route": "/baskets/{basket_id}/items",
        "http.response.status_code": 201,
        "kukm.correlation_id": correlation,
    }
    assert attributes(spans["react basket"]) == {
        "kukm.kind": "basket",
        "kukm.correlation_id": correlation,
    }
    process = attributes(spans[f"process {topic}"])
    assert process["messaging.consumer.group.name"].startswith("till.v1")
    assert process["messaging.batch.message_count"] == 1
    assert process["messaging.destination.name"] == topic
    assert "b1" not in {value for span in spans.values() for value in attributes(span).values()}


async def test_a_trace_that_is_not_recorded_is_carried_on_and_makes_no_span(
    settings: Settings, token_keys: Path, traced: InMemorySpanExporter
) -> None:
    with capture_logs([add_trace]) as lines:
        async with AsyncExitStack() as stack:
            api = await stack.enter_async_context(served(shop(), (router,), settings, token_keys))
            billing = await stack.enter_async_context(till().opened(settings))
            await add(api, "b1", "batik")
            await settled(api.service, billing)
            (event,) = await traceparents(api.service, "basket/b1")
            (effect,) = await traceparents(billing, "bill/ani")
    assert event is not None
    assert event.endswith("-00")
    assert effect == event
    assert traced.get_finished_spans() == ()
    (line,) = [line for line in lines if line["event"] == "adding"]
    assert line["trace_id"] == event[3:35]


async def test_an_event_of_a_trace_is_carried_on_where_traces_are_off(
    settings: Settings, token_keys: Path, traced: InMemorySpanExporter
) -> None:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(served(shop(), (router,), settings, token_keys))
        await add(api, "b1", "batik", traceparent=CALLER)
        await settled(api.service)
        stop_tracing()
        billing = await stack.enter_async_context(till().opened(settings))
        await settled(billing)
        assert await traceparents(billing, "bill/ani") == await traceparents(
            api.service, "basket/b1"
        )
        # Where they are off, a caller's context is not taken.
        await add(api, "b2", "kopi", traceparent=CALLER)
        await settled(api.service, billing)
        assert await traceparents(api.service, "basket/b2") == [None]


async def test_a_reaction_that_fails_is_logged_with_the_ids_of_its_event(
    settings: Settings, token_keys: Path, traced: InMemorySpanExporter
) -> None:
    with capture_logs() as lines:
        async with AsyncExitStack() as stack:
            api = await stack.enter_async_context(served(shop(), (router,), settings, token_keys))
            billing = await stack.enter_async_context(till().opened(settings))
            answers = {
                item: await add(api, name, item, traceparent=CALLER)
                for name, item in (("b1", "poison"), ("b2", "bug"))
            }
            await settled(api.service, billing)
    parked = {line["reason"]: line for line in lines if line["event"] == "event parked"}
    assert {
        reason: (line["correlation_id"], line["trace_id"]) for reason, line in parked.items()
    } == {
        item: (answer.headers["x-correlation-id"], f"{TRACE:032x}")
        for item, answer in answers.items()
    }


async def test_a_deadline_begins_a_trace_of_its_own(settings: Settings, tmp_path: Path) -> None:
    exporter, clock = InMemorySpanExporter(), tmp_path / "clock"
    write_clock(clock, NOW)
    changes = {"traces_ratio": 1.0, "clock_file": clock}
    settings = settings.model_copy(update=changes)
    configure_tracing(settings, "shop", SimpleSpanProcessor(exporter))
    try:
        async with shop().opened(settings) as selling:
            await selling.handle(basket, "b1", AddItem(item="kopi", price=2), person("1"))
            await selling.handle(basket, "b1", SealBasket(hours=-1), person("2"))

            async def forgotten() -> bool:
                return (await selling.get(basket, "b1")).state.status == "forgotten"

            await eventually(forgotten)
            await settled(selling)
            *_, event = await traceparents(selling, "basket/b1")
    finally:
        stop_tracing()
    spans = named(exporter)
    deadline = spans["deadline basket"]
    assert deadline.parent is None
    assert event == f"00-{deadline.context.trace_id:032x}-{deadline.context.span_id:016x}-01"
    sent = spans[f"send {topic_name(settings.namespace, 'shop')}"]
    assert sent.context.trace_id == deadline.context.trace_id


async def traceparents(service: Service, name: str) -> list[str | None]:
    """Return the contexts that the published events of an aggregate carry, in order."""
    history = History(service.engine.database)
    kind, _, id = name.partition("/")
    return [event.traceparent for event in await history.of_subject(kind, id)]
