"""The report as a file, for a seed the same byte for byte.

But for `reconciliation`, `times` and `version`: the offsets of the events that the report counts.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.programme_2018.programme import AMBIGUITIES, PAST, programme_of
from demo.report import FICTION
from demo.run import Performance


def document_of(performance: Performance) -> dict[str, Any]:
    """Return the report of a run as a document."""
    report = dict(performance.report)
    return {
        "seed": performance.seed,
        "note": FICTION,
        "ambiguities": list(AMBIGUITIES),
        "ours": _ours(performance),
        "version": report.pop("version"),
        "report": report,
        "year_before": [asdict(year) | {"percent": str(year.percent)} for year in PAST],
        "reconciliation": {
            "good": performance.good,
            "checks": [asdict(check) for check in performance.checks],
        },
        "times": {
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "requests": performance.requests,
            "seconds": {name: round(second, 1) for name, second in performance.seconds.items()},
        },
    }


def _ours(performance: Performance) -> dict[str, str]:
    """Return the facts of exhibitions that have no source, by exhibition (ours)."""
    exhibitions = programme_of(performance.scale).exhibitions
    return {exhibition.id: exhibition.ours for exhibition in exhibitions if exhibition.ours}


def keep(performance: Performance, path: Path) -> None:
    """Write the file by rename: a reader sees the old file or the new file, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".json.new")
    text = json.dumps(document_of(performance), indent=2, ensure_ascii=False, sort_keys=True)
    written.write_text(text + "\n", encoding="utf-8")
    written.replace(path)
