"""The contracts are complete, free of personal data, documented, and readable for ever.

`golden/` holds an example of every event version as it was first published. Examples are only
added: if an example cannot be read any more, or is read differently, the change is incompatible.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from gelar.events_page import documents, published
from gelar.services import SERVICES, service_named
from shared.contracts.budget import BudgetEvent
from shared.contracts.event import Event, event_classes
from shared.contracts.registration import RegistrationEvent
from shared.contracts.reporting import ReportingEvent
from shared.contracts.selection import SelectionEvent
from tests.contracts.sampling import sample

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden"
EVENTS = [
    cls
    for union in (RegistrationEvent, SelectionEvent, BudgetEvent, ReportingEvent)
    for cls in event_classes(union)
]
PERSONAL = {"nik", "npwp", "phone", "email", "address", "name", "representative", "curator"}


def text_of(event: Event) -> str:
    """Return the public data of an event in the form of the golden files."""
    return json.dumps(json.loads(event.public_json()), indent=2, sort_keys=True) + "\n"


def test_every_event_has_a_golden_example() -> None:
    missing = [cls for cls in EVENTS if not (GOLDEN / f"{cls.type_name()}.json").exists()]
    for cls in missing:
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / f"{cls.type_name()}.json").write_text(text_of(sample(cls)))
    assert not missing, f"golden examples were written for {missing}: look at them, commit them"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_example_is_read_without_changes(path: Path) -> None:
    classes = {cls.type_name(): cls for cls in EVENTS}
    assert path.stem in classes, "a published event was removed or renamed: keep it"
    golden = json.loads(path.read_text())
    today = json.loads(classes[path.stem].read(path.read_text()).public_json())
    assert without_additions(golden, today) == golden, (
        "a published field was removed, renamed or retyped"
    )


def without_additions(golden: Any, today: Any) -> Any:
    """Return the data of today without the fields that the golden data does not have."""
    if isinstance(golden, dict) and isinstance(today, dict):
        return {
            name: without_additions(golden[name], today[name]) for name in golden if name in today
        }
    return today


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_the_public_part_alone_can_be_read(cls: type[Event]) -> None:
    event = sample(cls)
    assert text_of(cls.read(event.public_json())) == text_of(event)


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_private_fields_never_go_on_the_wire(cls: type[Event]) -> None:
    public = json.loads(sample(cls).public_json())
    assert not set(public) & cls.private_fields()
    # The names of an exhibition and of a criterion are not names of persons.
    allowed = {"name"} if cls.kind in ("exhibition", "rubric") else set()
    assert not (set(public) & PERSONAL) - allowed


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_private_and_public_part_make_the_whole_event(cls: type[Event]) -> None:
    event = sample(cls)
    assert cls.read(event.public_json(), event.private_json()) == event


def test_the_services_publish_exactly_the_events_of_the_contracts() -> None:
    services = [service_named(name) for name in SERVICES]
    assert set(published(services)) == set(EVENTS)


def test_every_reaction_and_view_follows_events_that_its_service_mirrors() -> None:
    for service in map(service_named, SERVICES):
        mirrored = {cls for mirror in service.mirrors for cls in event_classes(mirror.follows)}
        parts: list[Any] = [*service.reactions, *service.views]
        for part in parts:
            unmirrored = set(event_classes(part.follows)) - mirrored
            assert not unmirrored, f"{service.name} must mirror these events: {unmirrored}"


def test_the_generated_pages_are_up_to_date() -> None:
    stale = [
        path
        for path, text in documents().items()
        if not (ROOT / path).exists() or (ROOT / path).read_text() != text
    ]
    assert not stale, f"run `make docs` and commit: {stale}"


def test_every_schema_belongs_to_an_event() -> None:
    names = {f"{cls.type_name()}.json" for cls in EVENTS}
    orphans = [
        path.name for path in (ROOT / "docs/schemas").glob("*.json") if path.name not in names
    ]
    assert not orphans, f"a published event type was removed or renamed: {orphans}"
