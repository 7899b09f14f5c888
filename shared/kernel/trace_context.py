"""The context of a trace on its way: the `traceparent` of the W3C, as events carry it.

`00-TRACE-SPAN-FLAGS`: 32 and 16 hexadecimal digits, and two of flags, the lowest bit of which says
that the trace is recorded. What a topic or a caller brings may be anything, so only this exact form
is taken. Pure: spans themselves are made by `shared.tracing`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

HEADER = "traceparent"
TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
CORRELATION = re.compile(r"[A-Za-z0-9-]{1,64}")
SAMPLED = 1
NOT_SAMPLED = b"-00"


def well_formed(text: str | None) -> str | None:
    """Return a `traceparent` if it has its form, else None."""
    return text if text and TRACEPARENT.fullmatch(text) else None


def traceparent_of(headers: Mapping[str, bytes]) -> str | None:
    """Return the `traceparent` of a message's headers, or None where it is not well formed."""
    given = headers.get(HEADER)
    return well_formed(given.decode("ascii", errors="replace")) if given else None


def sampled_of(messages: Iterable[Mapping[str, bytes]]) -> Iterator[str]:
    """Yield the well-formed contexts of these messages' headers that are recorded."""
    for headers in messages:
        given = headers.get(HEADER)
        # Most have none, or one that is not recorded: those cost one look.
        if given is None or given.endswith(NOT_SAMPLED):
            continue
        traceparent = traceparent_of(headers)
        if traceparent is not None and is_sampled(traceparent):
            yield traceparent


def is_sampled(traceparent: str) -> bool:
    """Return True if the trace of this well-formed context is recorded."""
    return bool(int(traceparent[-2:], 16) & SAMPLED)


def trace_id_of(traceparent: str) -> str:
    """Return the trace of a well-formed context."""
    return traceparent[3:35]


def ids_of(headers: Mapping[str, bytes]) -> dict[str, str]:
    """Return the correlation id and the trace id of a message's event, as log lines name them."""
    ids = {}
    correlation = headers.get("ce_correlationid", b"").decode("ascii", errors="replace")
    if CORRELATION.fullmatch(correlation):
        ids["correlation_id"] = correlation
    if traceparent := traceparent_of(headers):
        ids["trace_id"] = trace_id_of(traceparent)
    return ids
