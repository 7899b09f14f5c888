"""Build a sample of any event from its JSON Schema; the same schema gives the same sample."""

from typing import Any

from shared.contracts.event import Event
from shared.contracts.zones import ZONE_PATTERN

FORMATS = {"date": "2018-04-25", "date-time": "2018-04-25T03:00:00Z"}
PATTERNS = {
    r"^[A-Za-z0-9-]{1,64}$": "inacraft-2018",
    r"^[A-Za-z0-9-]{1,64}\.[A-Za-z0-9-]{1,64}$": "inacraft-2018.e1",
    r"^[0-9]{4}$": "2018",
    r"^[0-9]{2}$": "14",
    r"^(BPS|KEMENDAGRI)$": "BPS",
    r"^(ID-[A-Z]{2})?$": "ID-RI",
    r"^[0-9a-f]{64}$": "ab" * 32,
    r"^[A-Z]{3}$": "USD",
    r"^[A-Z]{2}$": "MY",
    ZONE_PATTERN: "Asia/Makassar",
    r"^[0-9a-f]{8}\.[0-9a-f]{64}$": f"0a1b2c3d.{'a' * 64}",
}
NUMBER_LENGTH_MAX = 64
"""No other text without a pattern is this long: it is the number of a document."""


def sample(cls: type[Event]) -> Event:
    """Return an event with every public field set."""
    schema = cls.model_json_schema(mode="validation")
    fields = {
        name: _value(item, schema.get("$defs", {}))
        for name, item in schema["properties"].items()
        if name not in cls.private_fields()
    }
    return cls.model_validate(fields)


def _value(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rpartition("/")[2]], defs)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _value(schema[choice][0], defs)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    return _plain(schema, defs)


def _plain(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {name: _value(item, defs) for name, item in schema["properties"].items()}
        case "object":
            return {_key(schema, defs): _value(schema["additionalProperties"], defs)}
        case "array" if "prefixItems" in schema:
            return [_value(part, defs) for part in schema["prefixItems"]]
        case "array":
            return [_value(schema["items"], defs)]
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case _:
            (example, *_) = schema.get("examples", ("",))
            return FORMATS.get(schema.get("format", "")) or example or _text(schema)


def _key(schema: dict[str, Any], defs: dict[str, Any]) -> str:
    names = schema.get("propertyNames")
    return str(_value(names, defs)) if names else "key"


def _text(schema: dict[str, Any]) -> str:
    number = schema.get("maxLength") == NUMBER_LENGTH_MAX
    return PATTERNS.get(schema.get("pattern", ""), "SK-1/2018" if number else "text")
