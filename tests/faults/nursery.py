"""Forks children that have everything imported already: a start takes no second of imports.

    python -m tests.faults.nursery SOCKET

For each connection to the UNIX socket one child is forked, which serves it (`tests.faults.child`)
and dies with this process. The process has no threads, so that its copies are whole.
"""

import ctypes
import os
import signal
import socket
import sys
import traceback

from tests.faults import awaits

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Fork a child for each connection, until killed."""
    awaits.mark()
    from tests.faults.child import serve

    # Nobody waits for the children: how they ended is told on their connections.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    # Under its name only once it listens, so that nobody comes too early.
    listening.bind(f"{sys.argv[1]}.new")
    listening.listen()
    os.rename(f"{sys.argv[1]}.new", sys.argv[1])
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            status = 1
            try:
                connection.sendall(b'{"pid": %d}\n' % os.getpid())
                serve(connection)
                status = 0
            except BaseException:  # noqa: BLE001 - whatever it is: a fork never goes on as its parent
                traceback.print_exc()
            os._exit(status)
        connection.close()


if __name__ == "__main__":
    main()
