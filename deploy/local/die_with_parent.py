"""Become another command that ends when its parent ends: `die_with_parent.py PARENT COMMAND…`.

This is a small program of its own rather than a hook between fork and exec, because such a hook
runs Python in the copy of a process with threads, which can hang. It runs before any of our
packages can be imported, and so uses the standard library only.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have ended before the call above: then no signal will end this process.
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
