"""A collector of traces that takes every span and keeps none, for processes that export."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    """Answer every export with success."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Read the spans and answer."""
        self.rfile.read(int(self.headers["content-length"]))
        self.server.taken += 1  # type: ignore[attr-defined]  # an attribute of ours
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write no access log."""


class Collector(ThreadingHTTPServer):
    """The server, with the number of exports that it has taken."""

    daemon_threads = True
    taken = 0

    @property
    def url(self) -> str:
        """The address for `KUKM_TRACES_URL`."""
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


@contextmanager
def collector() -> Iterator[Collector]:
    """Run a collector on a thread of this process until the block ends."""
    with Collector(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
