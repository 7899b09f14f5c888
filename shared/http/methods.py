"""HEAD wherever there is GET (RFC 9110, 9.3.2): the same answer, without its body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """A middleware that answers HEAD as GET, and leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        passed = {**scope, "method": "GET"}
        try:
            await self._app(passed, receive, send_without_body)
        finally:
            # Its route is found in there, and metrics and logs name it.
            scope.update({"route": passed["route"]} if "route" in passed else {})
