"""`make demo`: plays the programme of 2018 and prints its report and what must reconcile.

Exit status 0 only if everything reconciles; 1 where something differs or could not go on.
"""

import argparse
import asyncio
import sys

import uvloop
from rich.console import Console

from demo import DemoError
from demo.programme_2018.programme import FULL, SMALL
from demo.report_file import keep
from demo.run import Performance
from deploy.local import LocalError
from deploy.local.children import ROOT

FOLDER = ROOT / ".local" / "demo"
REPORT = ROOT / ".local" / "report.json"
FILE_COLUMNS = 140
"""How wide the tables are where the output is no terminal."""


def main() -> int:
    """Play the year that the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--seed",
        type=int,
        default=2018,
        help="the seed of the fiction",
    )
    parser.add_argument("--small", action="store_true", help="five exhibitions, for development")
    arguments = parser.parse_args()
    console = _console()
    performance = Performance(
        console=console,
        folder=FOLDER,
        seed=arguments.seed,
        scale=SMALL if arguments.small else FULL,
    )
    # An earlier year's report must not pass for this one's if this one does not come to its end.
    REPORT.unlink(missing_ok=True)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            performance.play(runner)
    except (LocalError, DemoError) as error:
        console.print(str(error), style="red", markup=False)
        console.print(f"The logs are in {FOLDER.relative_to(ROOT)}/logs/.")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    keep(performance, REPORT)
    seconds = ", ".join(f"{name} {second:.0f} s" for name, second in performance.seconds.items())
    summary = (
        f"{REPORT.relative_to(ROOT)} has the report; {performance.requests:,} requests; {seconds}."
    )
    console.print(summary)
    return 0 if performance.good else 1


def _console() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, width=FILE_COLUMNS)


if __name__ == "__main__":
    sys.exit(main())
