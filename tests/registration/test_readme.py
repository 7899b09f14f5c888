"""The first command that the README shows is taken as it stands."""

import json
import re
from datetime import datetime

from tests.conftest import ROOT
from tests.registration.registry import PLANNER, Registry


async def test_the_first_command_of_the_readme_is_taken(registry: Registry) -> None:
    shown = re.search(r"/programmes\".*?-d '(\{.*?\})'", (ROOT / "README.md").read_text(), re.S)
    assert shown, "the README shows no programme"
    body = json.loads(shown[1])
    registry.at(datetime.fromisoformat(f"{body['signed_on']}T12:00:00Z"))
    assert (await registry.sends(PLANNER, "/programmes", body)).status_code == 201
