"""No personal data in topics: invariant 13, against every name and number that was made up."""

import json
import re
from collections.abc import Iterator

from demo.fiction.generator import World
from gelar.checking.invariants.check import Check, Evidence

LONG_NUMBER = re.compile(r"(?<![0-9a-f-])[0-9]{13,16}(?![0-9a-f-])")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
NAME = "No name, NIK, NPWP or document number of the generator in any topic"


def privacy_check(world: World) -> Check:
    """Return the check; `world` has every name and number that there is."""
    personal = frozenset(_personal(world))
    return Check(
        invariant=13,
        name=NAME,
        compared=lambda _: f"{len(personal):,} names and numbers looked for",
        differences=lambda evidence: _found(evidence, personal),
    )


def _personal(world: World) -> Iterator[str]:
    for enterprise in world.enterprises:
        yield enterprise.form["name"]
        yield enterprise.form["representative"]
        for number in (*enterprise.form["identifiers"].values(), *enterprise.form["board_niks"]):
            yield number
            yield re.sub(r"[^0-9]", "", number)
        for document in (*enterprise.documents, *filter(None, [enterprise.late_document])):
            yield document["number"]


def _found(evidence: Evidence, personal: frozenset[str]) -> Iterator[str]:
    for fact in evidence.topics.every():
        text = json.dumps(fact.data, ensure_ascii=False)
        if {*QUOTED.findall(text), *LONG_NUMBER.findall(text)} & personal:
            yield f"{fact.id} carries personal data"
