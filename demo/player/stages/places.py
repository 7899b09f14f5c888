"""The places: offers answered, declined, left to expire; reserves promoted; the decree.

An act that frees a seat races for its round's reserve list: so these acts are done one at a time in
each round, and the player waits until all services are idle. Of offers that are left to expire
there is one at most in a round, and only of those that were offered first.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from demo.fiction.applications import Application, Conduct
from demo.player.people import PROGRAMME_OFFICER, SECRETARY
from demo.player.play import Play
from demo.player.screen import counted
from demo.player.stages.announcement import plan
from demo.player.stages.calls import withdraw, withdraw_one
from demo.player.stages.commitments import accept, return_one
from demo.player.stages.curation import read_rounds
from demo.programme_2018.exhibition import Exhibition
from shared.contracts.calendar import jakarta_date

ByExhibition = dict[str, list[Application]]


async def first_answers(play: Play, call: int) -> str:
    """Some leave the reserve list; each enterprise with an offer answers, or does not."""
    exhibitions = play.of_call(call)
    rounds = await read_rounds(play, exhibitions)
    reserves = [
        play.application(id) for selection_round in rounds for id in selection_round["reserve"]
    ]
    withdrawn = [reserve for reserve in reserves if reserve.conduct is Conduct.WITHDRAWS_RESERVE]
    await withdraw(play, withdrawn, "dates")
    await play.wait_until_idle()
    silent = {
        quiet[0].exhibition: play.application_id(quiet[0])
        for selection_round in rounds
        if (quiet := [a for a in _offered(play, selection_round) if a.conduct is Conduct.SILENT])
    }
    accepted, declined = await _answer(play, exhibitions, frozenset(silent.values()))
    confirmed = [
        id
        for selection_round in await read_rounds(play, exhibitions)
        for id, seat in selection_round["seats"].items()
        if seat == "CONFIRMED"
    ]
    returned = await return_one(play, confirmed)
    return (
        f"{accepted} accepted, {declined} declined, {len(silent)} do not answer; "
        f"{len(withdrawn)} left the reserve list{returned}"
    )


async def late_answers(play: Play, call: int) -> str:
    """Seats that have waited for money are offered late, and answered in time all the same."""
    exhibitions = [exhibition for exhibition in play.of_call(call) if exhibition.late_places]
    rounds = await read_rounds(play, exhibitions)
    offered = [application for many in rounds for application in _offered(play, many)]
    silent = {
        play.application_id(application)
        for application in offered
        if application.conduct is Conduct.SILENT
    }
    accepted, declined = await _answer(play, exhibitions, frozenset(silent))
    return f"{accepted} accepted, {declined} declined"


async def last_answers(play: Play, call: int) -> str:
    """Offers have expired by the clock; reserves answer; some give back an accepted place."""
    exhibitions = play.of_call(call)
    accepted, declined = await _answer(play, exhibitions, frozenset())
    leaving = await _confirmed(play, exhibitions, Conduct.WITHDRAWS_PLACE)
    await play.one_by_one(
        leaving, lambda application: withdraw_one(play, application, "no-capacity")
    )
    more, fewer = await _answer(play, exhibitions, frozenset())
    seats = [
        seat
        for read_round in await read_rounds(play, exhibitions)
        for seat in read_round["seats"].values()
    ]
    return (
        f"{accepted + more} more accepted, {declined + fewer} declined, "
        f"{sum(map(len, leaving.values()))} withdrew; {seats.count('CONFIRMED')} places confirmed"
    )


async def decree(play: Play, call: int, at: datetime) -> str:
    """The participants' decree of each exhibition is signed; a few withdraw even then."""
    exhibitions = [item for item in play.of_call(call) if item.replaced_by is None]
    await play.each(exhibitions, lambda exhibition: _decree(play, exhibition, at))
    await play.wait_until_idle()
    leaving = await _confirmed(play, exhibitions, Conduct.WITHDRAWS_DECREED)
    withdrawn = [application for many in leaving.values() for application in many]
    await withdraw(play, withdrawn, "other")
    await play.wait_until_idle()
    amended = [exhibition for exhibition in exhibitions if leaving.get(exhibition.id)]
    await play.each(amended, lambda exhibition: _amend(play, exhibition, at))
    rounds = await read_rounds(play, exhibitions)
    participants = sum(len(selection_round["decree"]["annex"]) for selection_round in rounds)
    return (
        f"{counted(len(exhibitions), 'decree')}, {len(withdrawn)} withdrew even then "
        f"({counted(len(amended), 'amendment')}), "
        f"{counted(participants, 'participant')}"
    )


async def replace(play: Play, call: int) -> str:
    """An exhibition is cancelled for its alternative: every seat and all its money go back."""
    cancelled = [item for item in play.of_call(call) if item.replaced_by is not None]
    live = await _live_seats(play, cancelled)
    await play.each(cancelled, partial(_cancel, play))
    # The slot that they shared is free now.
    replacements = {str(exhibition.replaced_by) for exhibition in cancelled}
    following = [item for item in play.programme.exhibitions if item.id in replacements]
    await play.each(following, partial(plan, play))
    await play.wait_until_idle()
    lost = live - await _live_seats(play, cancelled)
    called = {exhibition.id: exhibition.name for exhibition in following}
    names = ", ".join(f"{item.name} by {called[str(item.replaced_by)]}" for item in cancelled)
    return f"{names}; {lost} seats lost, their money back in the envelope"


async def _live_seats(play: Play, exhibitions: Sequence[Exhibition]) -> int:
    rounds = await read_rounds(play, exhibitions)
    return sum(
        seat != "LOST" for selection_round in rounds for seat in selection_round["seats"].values()
    )


async def _answer(
    play: Play, exhibitions: Sequence[Exhibition], silent: frozenset[str]
) -> tuple[int, int]:
    accepted = declined = 0
    while True:
        rounds = await read_rounds(play, exhibitions)
        offered = [application for many in rounds for application in _offered(play, many)]
        offered = [
            application for application in offered if play.application_id(application) not in silent
        ]
        if not offered:
            return accepted, declined
        accepting = [
            application for application in offered if application.conduct is not Conduct.DECLINES
        ]
        await play.each(accepting, lambda application: accept(play, application))
        declining = _by_exhibition(
            [application for application in offered if application.conduct is Conduct.DECLINES]
        )
        await play.wait_until_idle()
        await play.one_by_one(declining, lambda application: _decline(play, application))
        accepted += len(accepting)
        declined += len(offered) - len(accepting)


async def _confirmed(
    play: Play, exhibitions: Sequence[Exhibition], conduct: Conduct
) -> ByExhibition:
    rounds = await read_rounds(play, exhibitions)
    confirmed = [application for many in rounds for application in _seated(play, many, "CONFIRMED")]
    return _by_exhibition(
        [application for application in confirmed if application.conduct is conduct]
    )


def _offered(play: Play, selection_round: dict[str, dict[str, str]]) -> list[Application]:
    return _seated(play, selection_round, "OFFERED")


def _seated(
    play: Play, selection_round: dict[str, dict[str, str]], status: str
) -> list[Application]:
    return [play.application(id) for id, seat in selection_round["seats"].items() if seat == status]


def _by_exhibition(applications: Sequence[Application]) -> ByExhibition:
    found: ByExhibition = {}
    for application in applications:
        found.setdefault(application.exhibition, []).append(application)
    return found


async def _decline(play: Play, application: Application) -> None:
    address = f"registration/applications/{play.application_id(application)}/decline"
    await play.api.command(play.applicant(application), address, {})


async def _decree(play: Play, exhibition: Exhibition, at: datetime) -> None:
    await _sign(play, exhibition, "decree", {"number": f"SK-{exhibition.id}", **_signed(at)})


async def _amend(play: Play, exhibition: Exhibition, at: datetime) -> None:
    await _sign(play, exhibition, "amendments", {"number": f"SK-{exhibition.id}/1", **_signed(at)})


async def _sign(play: Play, exhibition: Exhibition, document: str, signed: dict[str, str]) -> None:
    address = f"selection/rounds/{exhibition.id}"
    annex = await play.api.read(SECRETARY, f"{address}/annex")
    body = {**signed, "annex_digest": annex["digest"]}
    await play.api.command(SECRETARY, f"{address}/{document}", body)


def _signed(at: datetime) -> dict[str, str]:
    return {"signed_on": jakarta_date(at).isoformat()}


async def _cancel(play: Play, exhibition: Exhibition) -> None:
    body = {
        "code": "replaced",
        "reason": "replaced by its alternative (ours)",
        "replaced_by": exhibition.replaced_by,
    }
    await play.api.command(
        PROGRAMME_OFFICER, f"registration/exhibitions/{exhibition.id}/cancellation", body
    )
