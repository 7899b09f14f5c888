"""A state that gets another form gets another revision: documents are then folded again.

`state_forms.json` has the revision of each kind and a hash of its state's form. A raised revision
is written there by the test, which fails once, so that the change is seen and committed. A fold
that means something else in the same form is not found here.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from gelar.services import SERVICES, service_named
from shared.kernel.decider import Decider

FILE = Path(__file__).with_name("state_forms.json")
DECIDERS = [
    (f"{name}/{decider.kind}", decider)
    for name in SERVICES
    for decider in service_named(name).deciders
]
OF_PEOPLE = ("title", "description", "default", "enum")
"""The parts of a schema that do not say how a document is read; nor does a new word of an enum."""


def form_of(decider: Decider[Any, Any, Any]) -> str:
    """Return a hash of the form in which states of this kind are stored."""
    schema = TypeAdapter(decider.state).json_schema(mode="serialization")
    return hashlib.sha256(json.dumps(_bare(schema), sort_keys=True).encode()).hexdigest()[:16]


def _bare(schema: Any, *, names: bool = False) -> Any:
    """Return a schema without its prose; `names`: the keys are names of fields, and all count."""
    if isinstance(schema, dict):
        return {
            key: _bare(value, names=not names and key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or key not in OF_PEOPLE
        }
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize(("name", "decider"), DECIDERS, ids=[name for name, _ in DECIDERS])
def test_another_form_of_a_state_has_another_revision(
    name: str, decider: Decider[Any, Any, Any]
) -> None:
    noted = json.loads(FILE.read_text())
    now = {"revision": decider.revision, "form": form_of(decider)}
    before = noted.get(name)
    if before == now:
        return
    assert before is None or before["revision"] < decider.revision, (
        f"the state of {name} has another form: raise `revision` of its decider"
    )
    FILE.write_text(json.dumps(noted | {name: now}, indent=2, sort_keys=True) + "\n")
    pytest.fail(f"the form of {name} was noted in {FILE.name}: look at it, commit it")


def test_no_kind_is_noted_that_is_gone() -> None:
    assert sorted(json.loads(FILE.read_text())) == sorted(name for name, _ in DECIDERS)


def test_a_field_more_is_another_form_and_prose_is_none() -> None:
    field = {"type": "string", "title": "Title", "description": "words"}
    state = {"properties": {"title": field}}
    assert _bare(state) == {"properties": {"title": {"type": "string"}}}
    more = {"properties": {"title": field, "day": {"type": "string"}}}
    assert _bare(state) != _bare(more)
