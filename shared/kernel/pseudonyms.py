"""The names under which persons appear on the topics. Pure."""

import hmac
from hashlib import sha256


def pseudonym(key: str, actor: str) -> str:
    """Return `p-` and twenty digits for an actor: the same person has the same everywhere.

    It is HMAC-SHA256 (RFC 2104) under the system's key, cut: without the key no reader can tell
    whose it is, nor try names until one fits.
    """
    return f"p-{hmac.new(key.encode(), actor.encode(), sha256).hexdigest()[:20]}"
