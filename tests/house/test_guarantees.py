"""Every guarantee that is promised in the documentation names a test that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (?P<promise>.+) \| `(?P<file>tests/.+\.py)::(?P<test>test_\w+)` \|$")


def test_each_guarantee_has_its_test() -> None:
    lines = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and "| test |" not in line]
    matches = [ROW.match(row) for row in rows]
    unreadable = [row for row, match in zip(rows, matches, strict=True) if match is None]
    assert unreadable == []
    missing = [
        match["test"]
        for match in matches
        if match and f"def {match['test']}(" not in (ROOT / match["file"]).read_text()
    ]
    assert missing == []
    assert len(rows) > 30
