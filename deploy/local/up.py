"""`make up`: run the whole system until Ctrl-C or `make down`, or until a process of it crashes.

The exit status is 0 after Ctrl-C or `make down`. It is 1 if the system could not start or a process
crashed; the end of that process's log is then shown.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.local import LocalError
from deploy.local.children import ROOT
from deploy.local.settings import load_local_settings
from deploy.local.stack import Stack, local_stack
from shared.clock import write_real_time

FOLDER = ROOT / ".local" / "up"


def main() -> int:
    """Run the system; return the exit status."""
    console = Console(highlight=False, soft_wrap=True)
    console.print("Starting Kafka, MongoDB and the four services …")
    try:
        settings = load_local_settings()
        clock = settings.clock_file or _clock()
        with local_stack(
            FOLDER, namespace=settings.namespace, clock_file=clock, say=console.print
        ) as stack:
            _show(stack, console)
            stack.watch()
    except LocalError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
    return 0


def _clock() -> Path:
    """Return the file of the programme's clock, which is the real time until someone sets it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "clock"
    if not path.exists():
        write_real_time(path)
    return path


def _show(stack: Stack, console: Console) -> None:
    table = Table("part", "address", box=None, header_style="bold")
    table.add_row("Kafka", stack.servers.kafka_bootstrap)
    table.add_row("MongoDB", stack.servers.mongo_uri)
    for name, process in stack.services.items():
        table.add_row(name, process.url)
    console.print(table)
    console.print(f"Logs: {FOLDER.relative_to(ROOT)}/logs/")
    console.print("To get a token: .venv/bin/gelar token --role programme-officer")
    console.print("To play a year in an afternoon: .venv/bin/gelar clock --help")
    console.print("Ctrl-C or `make down` stops everything; the data are kept.")


if __name__ == "__main__":
    sys.exit(main())
