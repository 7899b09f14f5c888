"""Questions about a selection: a what-if before the approval, and an explanation after it."""

from demo.player.people import AUDITOR, SECRETARY
from demo.player.play import Play
from demo.programme_2018.exhibition import Exhibition


async def ask_what_if(play: Play, exhibition: Exhibition) -> str:
    """Ask whom one more place would admit; nothing is written."""
    address = f"selection/rounds/{exhibition.id}"
    places = (await play.api.read(SECRETARY, address))["places"] + 1
    answer = await play.api.command(SECRETARY, f"{address}/what-if", {"places": places})
    entering = len(answer["enters"])
    closest = answer["closest"]
    missing = f"{closest['missing'] / 100:.2f} points short" if closest else "no other is close"
    return f"; what if there was one more place: {entering} would enter, the next is {missing}"


async def explain(play: Play, exhibition: Exhibition) -> str:
    """Read why the first candidate that got no place got none."""
    proposal = await play.api.read(AUDITOR, f"selection/rounds/{exhibition.id}/proposal")
    refused = [*proposal["reserve"], *proposal["below"]]
    if not refused:
        return ""
    address = f"selection/candidates/{refused[0]['application']}/explanation"
    told = await play.api.read(AUDITOR, address)
    sentences = [told["because"], *([told["sufficient"]] if told["sufficient"] else [])]
    return "; an explanation: " + " ".join(sentence["en"] for sentence in sentences)
