"""SIGTERM and SIGHUP end this process as Ctrl-C does: by an exception, so that it cleans up."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

ENDINGS = (signal.SIGTERM, signal.SIGHUP)


class Terminated(KeyboardInterrupt):
    """A signal asked this process to end.

    It is a `KeyboardInterrupt`, so that libraries that clean up after Ctrl-C (pytest, asyncio)
    do so after these signals too.
    """


@contextmanager
def termination_raises() -> Iterator[None]:
    """Raise `Terminated` at such a signal, unless this process has a handler of its own for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [ending for ending in ENDINGS if signal.getsignal(ending) is signal.SIG_DFL]
    for ending in ours:
        signal.signal(ending, _raise)
    try:
        yield
    finally:
        for ending in ours:
            signal.signal(ending, signal.SIG_DFL)


def _raise(number: int, _: FrameType | None) -> Never:
    # A second signal must not interrupt the clean-up that the first began.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(signal.Signals(number).name)
