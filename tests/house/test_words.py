"""Plain words as failing tests: the messages say what to write instead."""

import re
from collections import defaultdict
from pathlib import Path

from tests.house.reading import ROOT, modules

OPENINGS = re.compile(r"(What|Who|Whether|How|Where)\b")
WORDS = re.compile(
    r"\b(anew|meanwhile|nobody|somebody|whoever|told|heard|so much|mend(s|ed|ing)?)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
"""Codes and names keep their words: `not-heard-yet`."""


def test_docstrings_have_a_subject_or_an_imperative() -> None:
    bad = [
        f"{module.path}:{line} {sentence[:40]}"
        for module in modules()
        for line, sentence in module.docstrings
        if OPENINGS.match(sentence)
    ]
    assert not bad, f"say who does what ('Return the …', 'The relay publishes …'): {bad}"


def test_words_are_plain() -> None:
    bad = [
        f"{module.path}:{line} {found[0]}"
        for module in modules()
        for line, sentence in module.prose
        if (found := WORDS.search(QUOTED.sub("", sentence)))
    ]
    assert not bad, f"use the field's words (reported, received, again, no process …): {bad}"


def test_no_variable_is_called_one() -> None:
    bad = [
        f"{module.path}:{line}"
        for module in modules()
        for line, name in module.variables
        if name == "one"
    ]
    assert not bad, f"name the thing (event, row, subject …): {bad}"


def test_a_class_name_exists_once_in_shared() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        if module.path.startswith("shared/"):
            for name in module.top_classes:
                if not name.startswith("_"):
                    homes[name].append(module.path)
    twice = {name: paths for name, paths in homes.items() if len(paths) > 1}
    assert not twice, f"one word, one meaning: {twice}"


def test_log_events_are_in_the_list() -> None:
    listed = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/logs.md").read_text(), re.MULTILINE))
    logged = {
        event
        for module in modules()
        if Path(module.path).parts[0] in ("shared", "services", "gelar")
        for event in module.log_events
    }
    assert logged == listed, "docs/logs.md lists every log event, with its meaning"
