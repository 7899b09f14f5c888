"""The documents name what exists."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.test_house import ROOT

PATH = re.compile(r"`((?:docs|shared|services|gelar|demo|deploy|benchmarks|tests)(?:/[\w.-]+)*)`")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")


def named_paths(document: str) -> Iterator[str]:
    """Yield the paths that a document names; a path with a placeholder does not count."""
    for found in PATH.findall((ROOT / document).read_text()):
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
