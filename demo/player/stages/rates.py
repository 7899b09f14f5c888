"""The rates: fixed by an officer, confirmed by another; a misread rate is found and corrected."""

from collections.abc import Iterable

from demo.player.people import RATE_OFFICER, REPORTER
from demo.player.play import Play
from demo.programme_2018.exhibition import Exhibition, Fixing

DECIMAL_POINT = 1000
"""13.770 instead of 13,770: reporting asks about such a rate."""


async def fix_rates(play: Play, exhibitions: Iterable[Exhibition]) -> None:
    """Fix the rates of these exhibitions; a second officer confirms what waits for it."""
    fixings = [fixing for exhibition in exhibitions for fixing in exhibition.fixings]
    await play.each(fixings, lambda fixing: _fix(play, fixing))


async def propose_correction(play: Play) -> str:
    """The officer of rates finds what was misread, and proposes the right rate."""
    misread = _misread(play)
    await play.each(misread, lambda fixing: _propose(play, fixing))
    return ", ".join(f"{each.currency} of {each.on}: {each.misread} was read" for each in misread)


async def confirm_correction(play: Play) -> str:
    """Another officer confirms it: every result at that rate is restated by itself."""
    misread = _misread(play)
    await play.each(misread, lambda fixing: _confirm_correction(play, fixing))
    await play.wait_until_idle()
    restated = [
        outcome
        for outcome in await play.api.pages(REPORTER, "reporting/outcomes")
        if outcome["restatements"]
    ]
    return f"{len(restated)} results are restated at the right rate"


def _misread(play: Play) -> list[Fixing]:
    return [
        fixing
        for exhibition in play.programme.held
        for fixing in exhibition.fixings
        if fixing.misread is not None
    ]


async def _fix(play: Play, fixing: Fixing) -> None:
    apart = f"{fixing.currency}/{fixing.on}"
    read = fixing.misread or fixing.rate
    body = {
        "currency": fixing.currency,
        "fixed_on": fixing.on.isoformat(),
        "rate": str(read),
        "source": fixing.source,
    }
    if fixing.misread is not None:
        typed = {**body, "rate": str(fixing.rate / DECIMAL_POINT)}
        await play.api.refused(
            RATE_OFFICER, "reporting/rates", typed, code="implausible-rate", apart=apart
        )
    answer = await play.api.command(RATE_OFFICER, "reporting/rates", body, apart=apart)
    if any("rate-proposed" in event for event in answer["events"]):
        address = f"reporting/rates/{answer['id']}/confirmation"
        await play.api.command(REPORTER, address, {"rate": str(read)})


async def _propose(play: Play, fixing: Fixing) -> None:
    body = {
        "rate": str(fixing.rate),
        "source": fixing.source,
        "code": "typing-error",
        "reason": "two digits were exchanged (fictional)",
    }
    await play.api.command(RATE_OFFICER, f"{_address(fixing)}/correction", body)


async def _confirm_correction(play: Play, fixing: Fixing) -> None:
    address, body = f"{_address(fixing)}/confirmation", {"rate": str(fixing.rate)}
    await play.api.refused(RATE_OFFICER, address, body, code="same-person")
    await play.api.command(REPORTER, address, body, apart="correction")


def _address(fixing: Fixing) -> str:
    return f"reporting/rates/{fixing.currency}-{fixing.on.isoformat()}"
