"""The rule sets of the ministry as data files: each is the body of `POST /rule-sets`.

`kukm-2018-1` has the rules of 2018 (UU 20/2008), `kukm-2021-1` those since 2 February 2021 (PP
7/2021). The service never reads these files: an officer publishes them, or others like them.
"""

import json
from importlib.resources import files
from typing import Any


def rule_set_file(rule_set: str) -> dict[str, Any]:
    """Return the content of the data file of this rule set."""
    content: dict[str, Any] = json.loads(files(__name__).joinpath(f"{rule_set}.json").read_text())
    return content
