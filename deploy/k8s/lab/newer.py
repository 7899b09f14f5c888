"""A newer version of registration, for the tests of an upgrade: it makes a new type of event.

It is this checkout's code with a few lines changed. It greets every enterprise that it registers:
the record has an event that the version before does not know.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.local import LocalError
from deploy.local.children import ROOT

CHANGED = "registration"
TAG = "newer"
NEW_EVENT = "EnterpriseGreeted"
NEW_EVENT_SHOWN = "enterprise greeted"
"""The event as `gelar topics tail` prints it."""
COPIED = ("shared", "gelar", f"services/{CHANGED}", "deploy/k8s/image")
COPIED_FILES = ("pyproject.toml", "uv.lock", "services/__init__.py")
CHANGES: Mapping[str, Mapping[str, str]] = {
    "shared/contracts/registration/enterprise.py": {
        "EnterpriseEvent = (\n": (
            f'class {NEW_EVENT}(_Enterprise):\n    """A new enterprise was greeted."""\n\n\n'
            f"EnterpriseEvent = (\n    {NEW_EVENT} |\n"
        )
    },
    f"services/{CHANGED}/domain/enterprise/state.py": {
        "    EnterpriseEvent,\n": f"    EnterpriseEvent,\n    {NEW_EVENT},\n",
        "        case IdentifiersRehashed():": (
            f"        case {NEW_EVENT}():\n            return state\n"
            "        case IdentifiersRehashed():"
        ),
    },
    f"services/{CHANGED}/domain/enterprise/registration.py": {
        "import EnterpriseEvent, EnterpriseRegistered": (
            f"import {NEW_EVENT}, EnterpriseEvent, EnterpriseRegistered"
        ),
        "            source=context.source,\n        )\n    ]": (
            "            source=context.source,\n        ),\n"
            f"        {NEW_EVENT}(enterprise=context.subject),\n    ]"
        ),
    },
}
"""The text that is replaced, and the new text, by the path of the file."""


def copy_with_changes(folder: Path) -> None:
    """Write the code of the newer version into a folder of its own.

    Raises `LocalError` if the code has changed so that a change does not fit it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in COPIED_FILES:
        shutil.copy2(ROOT / name, folder / name)
    for name, changes in CHANGES.items():
        path = folder / name
        text = path.read_text()
        for old, new in changes.items():
            if text.count(old) != 1:
                raise LocalError(
                    f"{name} has changed: adapt the newer version, {old!r} is not once"
                )
            text = text.replace(old, new)
        path.write_text(text)
