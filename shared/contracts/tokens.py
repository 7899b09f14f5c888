"""The names inside a bearer token that its issuer and the services must agree on."""

import re

LOCAL_ISSUER = "https://gelar.local"
"""The issuer of tokens that `gelar token` signs for a local system."""
AUDIENCE = "gelar"
ACTOR = re.compile(r"[A-Za-z0-9:._-]{1,128}")
"""The form of an actor, the token's `sub`."""
