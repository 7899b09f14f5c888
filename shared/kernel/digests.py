"""The digests by which a log proves itself: each event has one over all events of its subject.

An event's digest is the SHA-256 of seven lines in UTF-8: the digest of the event before it in its
subject (of the first one an empty line), its id, type, time and actor, the commitment to its
private part (an empty line if it has none), and its data as the topic has it. None but the last
has a line break in it. A commitment is the SHA-256 of two lines, a salt and the private part. The
salt is 128 random bits and as private as what it hides: nothing can be guessed from a commitment,
and once both are erased the digests hold still.
"""

import secrets
from hashlib import sha256
from typing import NamedTuple

FIRST = ""
"""The digest before the first event of a subject."""


def salt() -> str:
    """Return a new salt, in hexadecimal digits."""
    return secrets.token_hex(16)


def commitment_of(private: str | None, salt: str | None) -> str:
    """Return the commitment to a private part, or an empty text if there is none."""
    return "" if private is None else sha256(f"{salt}\n{private}".encode()).hexdigest()


class Proved(NamedTuple):
    """The lines that a digest stands for, beside the events before."""

    id: str
    type: str
    time: str
    actor: str
    commitment: str
    data: str


def digest_of(before: str, proved: Proved) -> str:
    """Return the digest of an event whose subject had the digest `before` until then."""
    return sha256("\n".join((before, *proved)).encode()).hexdigest()
