"""Load the settings from the environment, or say every fault at once."""

import sys
from typing import Any

from pydantic import ValidationError

from shared.settings.secrets import PREFIX
from shared.settings.settings import Settings

BAD_SETTINGS_EXIT_CODE = 2


def load_settings(**given: Any) -> Settings:
    """Return the settings of this process, or print every fault on stderr and exit with 2.

    What is `given` counts instead of the variable of that name.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        sys.stderr.write(explain(error))
        raise SystemExit(BAD_SETTINGS_EXIT_CODE) from None


def require_relation_key(settings: Settings, service: str) -> None:
    """Exit 2 with a message on stderr if this process is to run without the key of relations."""
    if settings.relation_key is None:
        sys.stderr.write(
            "Cannot start, the settings are wrong:\n"
            f"  KUKM_RELATION_KEY: {service} needs it, at least 32 characters and the same in "
            "registration and selection, to hash owners, boards and offices\n"
        )
        raise SystemExit(BAD_SETTINGS_EXIT_CODE)


def explain(error: ValidationError) -> str:
    """Explain the errors, a line a variable, without any value."""
    lines = [
        _line(fault["loc"], fault["msg"])
        for fault in error.errors(include_input=False)
        if fault["type"] != "default_factory_not_called"  # follows from another error
    ]
    return "\n".join(["Cannot start, the settings are wrong:", *sorted(lines)]) + "\n"


def _line(place: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    if reason.startswith(PREFIX):  # it names its variables itself
        return f"  {reason}"
    reason = "is required and not set" if reason == "Field required" else reason
    return f"  {PREFIX}{str(place[0]).upper()}: {reason[0].lower()}{reason[1:]}"
