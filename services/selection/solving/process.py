"""Solve in a process of its own, so that other requests do not wait for the processor.

Such a process has the limits of `shared.files.apart`. Run as a module with the name of a question,
it is that process: the problem comes on its standard input, and its answer, JSON, goes to its
standard output. A solver that prints prints to its errors.
"""

import asyncio
import os
import sys
from typing import Any

from pydantic import TypeAdapter

from services.selection.domain.assigning.problem import Assignment
from services.selection.domain.assigning.problem import Problem as AssignmentProblem
from services.selection.domain.choosing.places_only import first_for_places
from services.selection.domain.choosing.problem import Problem, Solution
from services.selection.domain.ranking.stability import Stability, StabilityQuestion
from services.selection.domain.ranking.what_if import TrialQuestion, Tried, tried
from shared.files.apart import Apart, read_within_limits
from shared.kernel.errors import Busy

MODULE = __name__
PAUSE_SECONDS = 0.001
"""Between two steps of some milliseconds other requests have their turn."""


ASSIGNMENT_PROBLEM: TypeAdapter[AssignmentProblem] = TypeAdapter(AssignmentProblem)
ASSIGNMENT: TypeAdapter[Assignment] = TypeAdapter(dict[str, tuple[str, ...]])
PROBLEM: TypeAdapter[Problem] = TypeAdapter(Problem)
SOLUTION: TypeAdapter[Solution] = TypeAdapter(Solution)
STABILITY_QUESTION: TypeAdapter[StabilityQuestion] = TypeAdapter(StabilityQuestion)
STABILITY: TypeAdapter[Stability] = TypeAdapter(Stability)
TRIAL_QUESTION: TypeAdapter[TrialQuestion] = TypeAdapter(TrialQuestion)
TRIAL: TypeAdapter[Tried] = TypeAdapter(Tried)


async def assign_apart(apart: Apart, problem: AssignmentProblem) -> Assignment:
    """Return the curators to add to each candidate.

    Raises `Busy` if too many problems wait, or if the solver found no answer within its limits.
    """
    found = await _ask(
        apart,
        "assignment",
        ASSIGNMENT_PROBLEM.dump_json(problem),
        "The solver found no assignment within its limits: assign curators to some candidates "
        "yourself, then try again.",
    )
    return ASSIGNMENT.validate_json(found)


async def choose_apart(apart: Apart, problem: Problem) -> Solution:
    """Return the best choice with its proof. Raises `Busy` as `assign_apart`.

    Where nothing binds but the places, no process is started.
    """
    if (solution := first_for_places(problem)) is not None:
        return solution
    return SOLUTION.validate_json(
        await _ask(
            apart,
            "choice",
            PROBLEM.dump_json(problem),
            "The solver found no choice within its limits; nothing was written. Try again, or ask "
            "for fewer quotas that overlap.",
        )
    )


async def trial_apart(apart: Apart, question: TrialQuestion) -> Tried:
    """Return the selection that was asked. Raises `Busy` as `assign_apart`."""
    content = TRIAL_QUESTION.dump_json(question)
    await asyncio.sleep(PAUSE_SECONDS)
    return TRIAL.validate_json(
        await _ask(
            apart,
            "trial",
            content,
            "The solver found no choice within its limits: try again, or ask for fewer quotas that "
            "overlap.",
        )
    )


async def stability_apart(apart: Apart, question: StabilityQuestion) -> Stability:
    """Return how stable a selection is. Raises `Busy` as `assign_apart`."""
    return STABILITY.validate_json(
        await _ask(
            apart,
            "stability",
            STABILITY_QUESTION.dump_json(question),
            "The samples were not drawn within the limits of the solver: try again later.",
        )
    )


async def _ask(apart: Apart, question: str, content: bytes, failed: str) -> bytes:
    try:
        found = await apart.ask(MODULE, content, question)
    except Busy:
        raise Busy("solver-busy", "Other problems are being solved: try again soon.") from None
    if found is None:
        raise Busy("solver-failed", failed)
    return found


def main() -> None:
    """Answer the question that the arguments name, about the problem on standard input."""
    content, question = read_within_limits(), sys.argv[2]
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer = _answer(question, content)
    with os.fdopen(answers, "wb") as output:
        output.write(answer)


def _answer(question: str, content: bytes) -> bytes:
    # Imported here, because only this process needs the solver.
    from services.selection.solving import assignment, choice, stability

    match question:
        case "assignment":
            problem: Any = ASSIGNMENT_PROBLEM.validate_json(content)
            return ASSIGNMENT.dump_json(assignment.assign(problem))
        case "choice":
            return SOLUTION.dump_json(choice.solve(PROBLEM.validate_json(content)))
        case "trial":
            return TRIAL.dump_json(tried(TRIAL_QUESTION.validate_json(content), _Solver()))
        case "stability":
            sampled = STABILITY_QUESTION.validate_json(content)
            return STABILITY.dump_json(stability.stability(sampled))
        case _:
            raise LookupError(question)


class _Solver:
    """The solver, as a trial asks it."""

    def choose(self, problem: Problem) -> Solution:
        """Return the best choice; where nothing binds but the places nothing is solved."""
        from services.selection.solving.choice import solve

        return first_for_places(problem) or solve(problem)

    def sufficient_places(self, problem: Problem, position: int) -> int | None:
        """Return the least number of places that give this candidate one."""
        from services.selection.solving.choice import sufficient_places

        return sufficient_places(problem, position)


if __name__ == "__main__":
    main()
