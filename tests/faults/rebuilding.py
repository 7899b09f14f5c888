"""A rebuild of the till as a process of its own, which kills itself at one of its awaits.

    python -m tests.faults.rebuilding SETTINGS NUMBER

It gets SIGKILL before its await of this number in the store; one that has fewer ends with 0.
"""

import asyncio
import sys

from tests.faults import awaits


def main() -> None:
    """Rebuild the till, or die."""
    awaits.mark()
    # Imported only now: what is marked must not have been imported before.
    from shared.service.engine import build
    from shared.service.rebuild import Rebuild
    from shared.settings import Settings
    from tests.kernel.example import till

    async def rebuild() -> None:
        service, settings = till(), Settings.model_validate_json(sys.argv[1])
        engine = build(service, settings)
        database, generations = engine.database, engine.generations
        await Rebuild(
            service=service, settings=settings, database=database, generations=generations
        ).run(lambda done, of: None)
        await engine.stop()

    awaits.die_at_number(int(sys.argv[2]))
    asyncio.run(rebuild())


if __name__ == "__main__":
    main()
