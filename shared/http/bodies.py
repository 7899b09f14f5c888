"""What a body may say: only what its command asks for. A misspelt field is told, not ignored."""

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid")


def refuse_unknown_fields(router: APIRouter) -> None:
    """Make the routes of `router` answer 422 to fields that their body does not have.

    To be called before the router is included: the application then builds its validators anew.
    """
    for route in router.routes:
        if isinstance(route, APIRoute):
            for body in route.dependant.body_params:
                # Where Pydantic looks for the configuration of a dataclass that is not its own.
                setattr(body.field_info.annotation, "__pydantic_config__", STRICT)  # noqa: B010 - mypy knows no such attribute of a type
