"""Stand in for a service: be ready, show the environment, and crash on request.

With the argument `stubborn` it ignores SIGTERM, with `unready` it is never ready.
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answers(BaseHTTPRequestHandler):
    """Answers `/readyz`, crashes at `/crash`, and shows the `KUKM_` variables at every path."""

    def do_GET(self) -> None:
        if self.path == "/crash":
            os.write(1, b"last words\n")
            os._exit(3)
        if "unready" in sys.argv:
            self._answer(503, {"detail": "its topics are missing"})
            return
        ours = {name: value for name, value in os.environ.items() if name.startswith("KUKM_")}
        self._answer(200, ours)

    def _answer(self, status: int, body: dict[str, str]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    HTTPServer(("127.0.0.1", int(os.environ["KUKM_HTTP_PORT"])), Answers).serve_forever()
