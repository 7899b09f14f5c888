"""Request bodies are strict: a field that the command does not have is refused, never ignored."""

from collections.abc import Iterator
from typing import Annotated, Any, cast

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class NoFurtherFields:
    """Mark a dataclass in an annotation: its validator refuses fields that it does not have.

    Dataclasses inside it are strict too. The classes themselves are not changed: the same commands
    are stored and read elsewhere.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema with `extra_behavior: forbid` in each dataclass."""
        schema = _inlined(handler(source), handler)
        self._names = {cls.__name__ for cls in _dataclasses(schema)}
        return cast(CoreSchema, _strict(schema))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON schema with `additionalProperties: false` in each dataclass."""
        found = handler(schema)
        _close(found, self._names, handler)
        return found


def refuse_unknown_fields(router: APIRouter) -> None:
    """Make the routes of `router` answer 422 to fields that their body does not have.

    Call it before the router is included: the application then builds its validators again from the
    signatures of the routes.
    """
    for route in router.routes:
        if isinstance(route, APIRoute):
            for body in route.dependant.body_params:
                annotations = route.endpoint.__annotations__
                marks = getattr(annotations[body.name], "__metadata__", ())
                if not any(isinstance(mark, NoFurtherFields) for mark in marks):
                    annotations[body.name] = Annotated[annotations[body.name], NoFurtherFields()]


def _inlined(schema: Any, handler: GetCoreSchemaHandler) -> Any:
    if isinstance(schema, list):
        return [_inlined(part, handler) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "definition-ref":
        schema = handler.resolve_ref_schema(cast(CoreSchema, schema))
    return {name: _inlined(part, handler) for name, part in schema.items()}


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(part) for name, part in schema.items()}
    if schema.get("type") == "dataclass-args":
        strict["extra_behavior"] = "forbid"
    return strict


def _dataclasses(schema: Any) -> Iterator[type[Any]]:
    if isinstance(schema, list):
        for part in schema:
            yield from _dataclasses(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "dataclass":
            yield schema["cls"]
        for part in schema.values():
            yield from _dataclasses(part)


def _close(schema: Any, names: set[str], handler: GetJsonSchemaHandler) -> None:
    if isinstance(schema, list):
        for part in schema:
            _close(part, names, handler)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            schema = handler.resolve_ref_schema(schema)
        if "properties" in schema and str(schema.get("title")) in names:
            schema["additionalProperties"] = False
        for part in schema.values():
            _close(part, names, handler)
