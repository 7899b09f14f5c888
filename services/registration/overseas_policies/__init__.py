"""The dated policies on exhibitions overseas, as data files.

`permendag-14-2025` has article 8 of the Regulation of the Minister of Trade 14/2025. Its first day
in force is ours, because no source of it was found; `KUKM_OVERSEAS_POLICY_FROM` sets another.
"""

import json
from importlib.resources import files
from typing import Any

PERMENDAG_14_2025 = "permendag-14-2025"


def overseas_policy_file(policy: str) -> dict[str, Any]:
    """Return the content of the data file of this policy."""
    content: dict[str, Any] = json.loads(files(__name__).joinpath(f"{policy}.json").read_text())
    return content
