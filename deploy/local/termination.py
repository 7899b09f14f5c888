"""SIGTERM and SIGHUP end us as Ctrl-C does: as an exception, so that everything is cleaned up."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

ENDINGS = (signal.SIGTERM, signal.SIGHUP)


class Terminated(KeyboardInterrupt):
    """A signal asked this process to end.

    Of the kind of Ctrl-C, so that whatever cleans up for that (pytest, asyncio) does so here too.
    """


@contextmanager
def termination_raises() -> Iterator[None]:
    """Raise `Terminated` at such a signal, unless this process has its own way with it."""
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
    # Asking twice must not interrupt the clean-up that the first one began.
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(signal.Signals(number).name)
