"""The module from which the children are forked: it marks the kernel's awaits first."""

from tests.faults import awaits

awaits.mark()

from tests.faults.child import serve  # noqa: E402 - marked while it is imported
from tests.faults.rebuilding import rebuild  # noqa: E402 - likewise

__all__ = ["rebuild", "serve"]
