"""The documents name what exists."""

import re
from collections.abc import Iterator
from pathlib import Path

from gelar.checking.invariants.catalogue import all_checks
from tests.house.reading import ROOT
from tests.house.test_words import QUOTED, WORDS

PATH = re.compile(r"`((?:docs|shared|services|gelar|demo|deploy|benchmarks|tests)(?:/[\w.-]+)*)`")
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "docs/architecture.md"),
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("docs/operations/*.md"))),
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("docs/runbooks/*.md"))),
)
PLAIN_PATH = re.compile(r"(?<![\w/`.-])(docs/[\w./-]+\.md)")
"""A page that a runbook names without quotes."""


def named_paths(document: str) -> Iterator[str]:
    """Yield the paths that a document names; a path with a placeholder does not count."""
    text = (ROOT / document).read_text()
    for found in (*PATH.findall(text), *PLAIN_PATH.findall(text)):
        yield found.removesuffix("/")


def test_the_documents_name_paths_that_exist() -> None:
    missing = [
        f"{document}: {path}"
        for document in DOCUMENTS
        for path in named_paths(document)
        if not (ROOT / path).exists()
    ]
    assert not missing, f"these moved or never were: {missing}"


def test_the_architecture_names_every_room_of_shared() -> None:
    rooms = {path.name for path in (ROOT / "shared").iterdir() if (path / "__init__.py").exists()}
    modules = {path.name for path in (ROOT / "shared").glob("*.py")} - {"__init__.py"}
    named = {Path(path).name for path in named_paths("docs/architecture.md")}
    assert rooms | modules <= named, f"describe these: {(rooms | modules) - named}"


def test_the_readme_leads_to_every_page() -> None:
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert pages <= set(named_paths("README.md")), "name every page under Read on"


def test_the_documents_are_in_plain_words() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("services/*/README.md")]
    pages += [ROOT / "demo/README.md", *ROOT.glob("deploy/**/README.md"), ROOT / "Makefile"]
    bad = [
        f"{page.relative_to(ROOT)}:{number} {found[0]}"
        for page in pages
        # The changelog keeps the words of its day; events.md is generated from the code.
        if page.name not in ("CHANGELOG.md", "events.md")
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if (found := WORDS.search(QUOTED.sub("", line)))
    ]
    assert not bad, f"use the field's words: {bad}"


def test_the_page_of_invariants_lists_every_check() -> None:
    text = (ROOT / "docs/invariants.md").read_text()
    listed = re.findall(r"^\| (\d* ?)\| (.+?) \| (?:API|topics|API, topics) \|", text, re.MULTILINE)
    checks = [(check.invariant, check.name) for check in all_checks()]
    assert [(int(number) if number.strip() else None, name) for number, name in listed] == checks
