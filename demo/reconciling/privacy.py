"""No personal data in topics: invariant 13 of the domain, against everything that was made up."""

import re
from collections.abc import Iterator

from demo.generator import World
from demo.reconciling.checks import Check, Evidence

LONG_NUMBER = re.compile(r"(?<![0-9a-f-])[0-9]{13,16}(?![0-9a-f-])")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def checks(world: World) -> Iterator[Check]:
    """The checks of this module; `world` knows every name and number that there is."""
    personal = frozenset(_personal(world))
    yield Check(
        invariant=13,
        name="No name, NIK, NPWP or document number in any topic",
        figures=lambda _: f"{len(personal):,} names and numbers looked for",
        differences=lambda evidence: _found(evidence, personal),
    )


def _personal(world: World) -> Iterator[str]:
    for enterprise in world.enterprises:
        yield enterprise.form["name"]
        yield enterprise.form["representative"]
        for number in enterprise.form["identifiers"].values():
            yield number
            yield re.sub(r"[^0-9]", "", number)
        for document in (*enterprise.documents, *filter(None, [enterprise.late_document])):
            yield document["number"]


def _found(evidence: Evidence, personal: frozenset[str]) -> Iterator[str]:
    for subjects in evidence.published.events.values():
        for events in subjects.values():
            for event in events:
                text = event.data.decode()
                words = {*QUOTED.findall(text), *LONG_NUMBER.findall(text)}
                if words & personal:
                    yield f"{event.id} carries what is personal"
