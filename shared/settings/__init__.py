"""The settings of a service: environment variables `KUKM_…`, checked once at start.

Everything is checked before anything is opened, and every error names its variable, so that a wrong
deployment stops at once with the whole list. Secrets are `SecretStr`: they are never printed, not
even in an error about themselves, and each may be given as a file (`KUKM_MONGO_URI_FILE`). An empty
variable counts as not set.
"""

from shared.settings.loading import (
    BAD_SETTINGS_EXIT_CODE,
    explain,
    load_settings,
    require_relation_key,
)
from shared.settings.secrets import PREFIX
from shared.settings.settings import Part, Settings

__all__ = [
    "BAD_SETTINGS_EXIT_CODE",
    "PREFIX",
    "Part",
    "Settings",
    "explain",
    "load_settings",
    "require_relation_key",
]
