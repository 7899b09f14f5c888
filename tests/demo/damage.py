"""A damage of the evidence, which a check of the audit must find."""

from collections.abc import Callable
from typing import NamedTuple

from gelar.checking.invariants.check import Evidence


class Damage(NamedTuple):
    """A change of the evidence, in words, and the check that must find it."""

    check: str
    words: str
    make: Callable[[Evidence], object]
