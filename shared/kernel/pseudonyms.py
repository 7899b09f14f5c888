"""The names under which persons appear on the topics. Pure."""

import hmac
from hashlib import sha256

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""Letters only: a run of digits could look like a citizen's number, and be taken for one."""


def pseudonym(key: str, actor: str) -> str:
    """Return `p-` and twenty letters for an actor: the same person has the same everywhere.

    It is HMAC-SHA256 (RFC 2104) under the system's key, cut: without the key no reader can tell
    whose it is, nor try names until one fits.
    """
    digest = hmac.new(key.encode(), actor.encode(), sha256).hexdigest()
    return f"p-{digest[:20].translate(LETTERS)}"
