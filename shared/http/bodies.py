"""Request bodies are strict: what is sent is what was meant, or it is refused.

A field that the command does not have is refused, never ignored, also in objects inside objects. An
integer is a JSON integer (not `true`, `"7"` or `7.0`), a date and an instant are strings of ISO
8601 (not numbers), and money with a fraction is a string: a number would be rounded on its way.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, cast

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import (
    no_info_after_validator_function,
    no_info_before_validator_function,
)

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})?")
DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")

BODY = "body"
"""The name of the parameter that has the body, in every route."""


class Strict:
    """Mark a dataclass in an annotation: its validator takes only what it means.

    Objects inside it are strict too. The classes themselves are not changed: the same commands are
    stored and read elsewhere.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema with `extra_behavior: forbid` in each object, and strict values."""
        schema = _inlined(handler(source), handler)
        self._names = {cls.__name__ for cls in _objects(schema)}
        return cast(CoreSchema, _strict(schema))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON schema with `additionalProperties: false` in each object."""
        found = handler(schema)
        _close(found, self._names, handler)
        return found


def make_body_strict(endpoint: Callable[..., Any]) -> None:
    """Make the body of a route's function answer 422 to fields and values that it does not have.

    Call it before the route is made: FastAPI builds the validators from the function's annotations.
    """
    body = endpoint.__annotations__.get(BODY)
    if body is not None and not any(
        isinstance(mark, Strict) for mark in getattr(body, "__metadata__", ())
    ):
        endpoint.__annotations__[BODY] = Annotated[body, Strict()]


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
    kind = schema.get("type")
    if kind in ("dataclass-args", "model-fields"):
        strict["extra_behavior"] = "forbid"
    if kind in ("int", "bool"):
        strict["strict"] = True
    if kind == "model":
        return _strict_model(schema, strict)
    check = CHECKS.get(str(kind))
    return no_info_before_validator_function(check, strict) if check else strict


def _strict_model(schema: Any, strict: Any) -> Any:
    # A model brings its own validator, whatever stands in its schema: only its fields are taken
    # from there. The description of the body stays that of the model.
    describe = {"pydantic_js_functions": [lambda _, handler: handler(schema)]}
    make = partial(_model_of, schema["cls"])
    return no_info_after_validator_function(make, strict["schema"], metadata=describe)


def _model_of(cls: type[BaseModel], validated: tuple[dict[str, Any], object, object]) -> BaseModel:
    return cls.model_validate(validated[0])


def _date_text(given: object) -> object:
    if not isinstance(given, str) or not DATE.fullmatch(given):
        raise PydanticCustomError("date_text", 'Send a date as a string, like "2018-04-25".')
    return given


def _instant_text(given: object) -> object:
    if not isinstance(given, str) or not INSTANT.fullmatch(given):
        raise PydanticCustomError(
            "instant_text", 'Send an instant as a string, like "2018-04-25T09:00:00+07:00".'
        )
    return given


def _decimal_text(given: object) -> object:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and DECIMAL.fullmatch(given):
        return given
    raise PydanticCustomError(
        "decimal_text",
        'Send an amount as a string of digits, like "1250.50": a JSON number with a fraction '
        "would be rounded.",
    )


CHECKS = {"date": _date_text, "datetime": _instant_text, "decimal": _decimal_text}
"""The check of a sent value, by the kind of the schema."""


def _objects(schema: Any) -> Iterator[type[Any]]:
    if isinstance(schema, list):
        for part in schema:
            yield from _objects(part)
    elif isinstance(schema, dict):
        if schema.get("type") in ("dataclass", "model"):
            yield schema["cls"]
        for part in schema.values():
            yield from _objects(part)


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
