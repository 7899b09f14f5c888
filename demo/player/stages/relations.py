"""Relations: a curator turns out to be the owner of a candidate, and is barred without a name."""

from collections.abc import Sequence

from demo.fiction.applications import SHEETS, Application
from demo.player.people import SECRETARY
from demo.player.play import Play
from demo.player.screen import counted
from demo.programme_2018.exhibition import Exhibition


async def bar_related(play: Play, exhibition: Exhibition, scored: Sequence[Application]) -> str:
    """Give the relations of a curator of the panel: it is barred from one of its candidates.

    It is the member that no candidate needs as long as no other declares a conflict.
    """
    candidate = next(
        application
        for application in scored
        if application.exhibition == exhibition.id and not application.conflicted
    )
    panel = play.world.panels[exhibition.id]
    member, enterprise = panel[SHEETS], play.world.enterprises[candidate.enterprise - 1]
    address = f"selection/rounds/{exhibition.id}"
    relations = {"nik": enterprise.person, "employers": ["Dinas Contoh (fictional)"]}
    body = {"curators": list(panel), "profiles": [{"curator": member, "relations": relations}]}
    await play.api.command(SECRETARY, f"{address}/panel", body, apart="relations")
    await play.api.refused(
        SECRETARY,
        f"selection/candidates/{play.application_id(candidate)}/assignments",
        {"curator": member},
        code="curator-related",
    )
    trial = await play.api.read(SECRETARY, f"{address}/assignment-trial")
    return f"; {counted(trial['related_pairs'], 'pair')} barred by relations (hubungan)"
