"""The refusals of the HTTP layer itself, before a rule decides.

They belong to the tree of `shared.kernel.errors`: one handler turns every error into its document.
"""

from collections.abc import Iterable

from shared.kernel.errors import Forbidden, Problem

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
