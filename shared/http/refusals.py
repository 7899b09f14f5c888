"""The refusals of the HTTP layer itself, before a rule decides.

They belong to the tree of `shared.kernel.errors`: one handler turns every error into its document.
"""

from collections.abc import Iterable

from shared.kernel.errors import Busy, Forbidden, Problem

TOKEN_MISSING = "token-missing"


class Malformed(Problem):
    """A header, parameter or body cannot be read (400)."""

    status = 400


class Unauthenticated(Problem):
    """The request has no valid token (401)."""

    status = 401

    @property
    def challenge(self) -> str:
        """Return the `WWW-Authenticate` header (RFC 6750, section 3)."""
        if self.code == TOKEN_MISSING:
            return 'Bearer realm="gelar"'
        return 'Bearer realm="gelar", error="invalid_token"'


class Absent(Problem):
    """The API has no such route (404)."""

    status = 404


class MethodNotAllowed(Problem):
    """The route has other methods (405)."""

    status = 405


class BodyTooLarge(Problem):
    """The body is longer than the limit (413)."""

    status = 413

    def __init__(self, bytes_max: int) -> None:
        super().__init__(
            "body-too-large", f"The body is too large: send at most {bytes_max} bytes."
        )


class NotHttp(Problem):
    """The bytes are no HTTP request (400)."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            "not-http",
            "These bytes are no HTTP/1.1 request, or their method is none of HTTP: "
            "correct the client.",
        )


class HeadTooSlow(Problem):
    """The request line and headers did not come in time (408)."""

    status = 408

    def __init__(self) -> None:
        super().__init__("headers-too-slow", "The headers did not come in time: send it again.")


class BodyTooSlow(Problem):
    """The body did not come in time (408)."""

    status = 408

    def __init__(self) -> None:
        super().__init__("body-too-slow", "The body did not come in time: send it again.")


class HeadTooLarge(Problem):
    """The request line and headers are longer than the limit (431)."""

    status = 431

    def __init__(self, bytes_max: int) -> None:
        super().__init__(
            "headers-too-large", f"The headers are too large: send at most {bytes_max} bytes."
        )


class TooManyConnections(Busy):
    """This process has as many connections as it takes (503)."""

    def __init__(self) -> None:
        super().__init__("too-many-connections", "Too many connections: try again in a moment.")


class TooManyRequests(Busy):
    """This process serves as many requests as it takes (503)."""

    def __init__(self) -> None:
        super().__init__("too-many-requests", "Too many requests at once: try again in a moment.")


class UnsupportedMedia(Problem):
    """The body is not JSON (415)."""

    status = 415


class PreconditionMissing(Problem):
    """This change needs the version that the caller read (428)."""

    status = 428


def role_missing(roles: Iterable[str]) -> Forbidden:
    """Return the refusal of a token that has none of these roles."""
    names = ", ".join(sorted(roles))
    return Forbidden(
        "role-missing",
        f"Your token needs one of these roles: {names}. Ask the administrator of your accounts.",
    )


def enterprise_missing() -> Forbidden:
    """Return the refusal of a token that acts as an enterprise and names none."""
    return Forbidden(
        "token-without-enterprise",
        "This token speaks for no enterprise: register yours, then get a token that names it.",
    )
