"""The digest of what a person has read: the SHA-256 of its only canonical text.

A person who decides on a list names the digest of the list that it has read. So a list that has
changed between reading and deciding is noticed.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from pydantic import StringConstraints

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hexadecimal digits."""


def canonical_text(content: Mapping[str, object]) -> bytes:
    """Return the only text of this content: JSON with sorted keys, no blanks, in ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of_text(text: bytes) -> str:
    """Return the SHA-256 of a canonical text."""
    return sha256(text).hexdigest()
