"""A service's README says of every command of a person what undoes it, until when, or why not."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args

import pytest

from shared.service import Service
from tests.house.reading import ROOT
from tests.house.test_house import SERVICES

HEADER = "| command | who may | undone by | until |"
NO_PERSON = ("reaction", "sweep", "`gelar")
"""The senders of a command that no person of the programme sends."""

WITHIN_ANOTHER = {"MakeRanking"}
"""The commands that a person sends only as a part of another one."""


def commands(service: Service) -> set[str]:
    """Return the names of all commands of a service."""

    def members(union: Any) -> Iterator[type]:
        for each in get_args(union) or (union,):
            yield from members(each) if get_args(each) else (each,)

    return {each.__name__ for decider in service.deciders for each in members(decider.commands)}


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of a table."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def undo_rows(readme: str) -> list[list[str]]:
    """Return the rows of all tables of what undoes a command."""
    tables = [part.split("\n\n")[0] for part in readme.split(HEADER)[1:]]
    return [row for table in tables for row in rows(table)]


@pytest.mark.parametrize("name", SERVICES)
def test_every_command_of_a_person_has_its_undo_or_a_reason(name: str) -> None:
    service = import_module(f"services.{name}.app").service
    readme = (ROOT / "services" / name / "README.md").read_text()
    table = undo_rows(readme)
    named = {command for row in table for command in re.findall(r"`(\w+)`", row[0])}
    of_no_person = {
        command
        for row in rows(readme)
        if len(row) > 1 and row[1].startswith(NO_PERSON)
        for command in re.findall(r"`(\w+)`", row[0])
    }
    missing = commands(service) - named - of_no_person - WITHIN_ANOTHER
    assert not missing, "say what undoes it, or why nothing does"
    assert not named - commands(service), "there is no such command"
    assert not [row for row in table if len(row) != len(HEADER.split("|")) - 2 or not all(row)]
    unexplained = [row[0] for row in table if row[2] in ("-", "nothing")]
    assert not unexplained, "say why nothing undoes it"
