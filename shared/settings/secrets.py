"""Secrets from files: `KUKM_MONGO_URI_FILE` names the file whose text is `KUKM_MONGO_URI`.

A secret in a file is not seen by `ps`, by a child process or in a crash report, and Kubernetes
mounts it.
"""

import os
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

PREFIX = "KUKM_"
SUFFIX = "_FILE"


class UnreadableSecret(ValueError):
    """The file of a secret cannot be read, or the secret is given twice; the text names both."""


class SecretFiles(PydanticBaseSettingsSource):
    """Read each secret whose `…_FILE` variable is set."""

    def __call__(self) -> dict[str, Any]:
        """Return the secrets that are in files, by the name of the setting.

        Instead of one that cannot be read there is its `UnreadableSecret`, so that it is reported
        together with all other faults.
        """
        found: dict[str, Any] = {}
        for name, field in self.settings_cls.model_fields.items():
            if holds_secret(field.annotation):
                try:
                    found[name] = self.get_field_value(field, name)[0]
                except UnreadableSecret as error:
                    found[name] = error
        return {name: value for name, value in found.items() if value is not None}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the text of a secret's file (None: not in a file), without its last line end.

        Raises `UnreadableSecret`.
        """
        variable = f"{PREFIX}{field_name.upper()}"
        path = os.environ.get(variable + SUFFIX)
        if not path:
            return None, field_name, False
        if os.environ.get(variable):
            raise UnreadableSecret(f"{variable}, {variable}{SUFFIX}: set either, not both")
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UnreadableSecret(f"{variable}{SUFFIX}: {path} cannot be read: {reason}") from None
        return text.removesuffix("\n").removesuffix("\r"), field_name, False


def holds_secret(annotation: Any) -> bool:
    """Return True for `SecretStr`, also inside `Annotated[…]` and beside `None`."""
    return annotation is SecretStr or any(map(holds_secret, get_args(annotation)))


def with_secret_files(
    cls: type[BaseSettings], *sources: PydanticBaseSettingsSource
) -> tuple[PydanticBaseSettingsSource, ...]:
    """Return the sources of settings, with the files of secrets before the environment."""
    given, *others = sources
    return (given, SecretFiles(cls), *others)
