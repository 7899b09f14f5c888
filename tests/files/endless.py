"""A process that takes a file and never ends by itself, as a hostile file could make ours."""

import resource
import sys

resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
sys.stdin.buffer.read()
while True:
    pass
