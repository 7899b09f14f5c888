"""Solve in a process of its own, so that other requests do not wait for the processor.

Such a process has the limits of `shared.files.apart`. Run as a module with the name of a problem,
it is that process: the problem comes on its standard input, and its answer, JSON, goes to its
standard output. A solver that prints prints to its errors.
"""

import os
import sys
from typing import Any

from pydantic import TypeAdapter

from services.selection.domain.assigning.problem import Assignment, Problem
from shared.files.apart import Apart, read_within_limits
from shared.kernel.errors import Busy

MODULE = __name__
PROBLEM: TypeAdapter[Problem] = TypeAdapter(Problem)
ASSIGNMENT: TypeAdapter[Assignment] = TypeAdapter(dict[str, tuple[str, ...]])


async def assign_apart(apart: Apart, problem: Problem) -> Assignment:
    """Return the curators to add to each candidate.

    Raises `Busy` if too many problems wait, or if the solver found no answer within its limits.
    """
    try:
        found = await apart.ask(MODULE, PROBLEM.dump_json(problem))
    except Busy:
        raise Busy("solver-busy", "Other problems are being solved: try again soon.") from None
    if found is None:
        raise Busy(
            "solver-failed",
            "The solver found no assignment within its limits: assign curators to some candidates "
            "yourself, then try again.",
        )
    return ASSIGNMENT.validate_json(found)


def main() -> None:
    """Solve the problem on standard input."""
    content = read_within_limits()
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Imported here, because only this process needs the solver.
    from services.selection.solving.assignment import assign

    answer: Any = assign(PROBLEM.validate_json(content))
    with os.fdopen(answers, "wb") as output:
        output.write(ASSIGNMENT.dump_json(answer))


if __name__ == "__main__":
    main()
