"""Rubrics as data files: each is the body of `POST /rubrics`.

`kukm-2018-1` is ours: no source fixes it. The hard requirements (licence, product permit, halal,
capacity, participation cap, sanctions) are not criteria: registration checks them before the
scoring, and no score makes up for them. The service never reads these files: an officer publishes
one, or another like it.
"""

import json
from importlib.resources import files
from typing import Any


def rubric_file(rubric: str) -> dict[str, Any]:
    """Return the content of the data file of this rubric."""
    content: dict[str, Any] = json.loads(files(__name__).joinpath(f"{rubric}.json").read_text())
    return content
