"""A round of selection whose scoring is closed, written with its candidates as reactions write it.

Each candidate has five sheets, of a panel of whom some curators are severe. Ten quotas overlap, so
that the solver has work to do.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from benchmarks.harness.child_channel import send
from services.selection.app import service
from services.selection.domain.candidate.points import mean_of
from shared.contracts.event import Event
from shared.contracts.registration.quota import (
    CooperativeGroup,
    FirstTimerGroup,
    ProvinceGroup,
    Quota,
    SectorGroup,
)
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CandidateScored,
    CuratorAssigned,
    ScoreSheetSubmitted,
    Sheet,
)
from shared.contracts.selection.round import (
    CandidatesListed,
    PanelAppointed,
    RoundOpened,
    ScoringClosed,
)
from shared.contracts.selection.rubric import Criterion, Deciding, RubricPublished
from shared.contracts.words import Applicant, Province, Scope, Sentence, SizeClass
from shared.kernel.decider import Context, Origin
from shared.service.engine import Engine
from shared.service.wiring import build
from shared.settings import Settings

SEED, SHEETS, CURATORS = 2018, 5, 50
CRITERIA = [f"c{number}" for number in range(10)]
PUBLISHED_SECONDS_MAX = 300
AT_ONCE = 1_000
"""So many candidates are written in a transaction."""
SHOW, RUBRIC = "inacraft-2018", "rubric-2018"
BEGUN_AT = datetime(2018, 1, 22, tzinfo=UTC)
PROVINCES = ["31", "32", "33", "34", "35", "36"]
ROUND: dict[str, Any] = {"exhibition": SHOW, "programme": "2018", "scope": Scope.DOMESTIC}


async def fill(*, candidates: int) -> None:
    """Write a rubric, a round and so many candidates; return once their events are published."""
    engine = build(service, Settings().model_copy(update={"parts": "api"}))
    await engine.start()
    rng, names = Random(SEED), [f"curator-{number:02}" for number in range(CURATORS)]
    leniency = {name: rng.gauss(0, 0.3) for name in names}
    applicants = [made_up_applicant(number, rng) for number in range(candidates)]
    applications = tuple(applicant.application for applicant in applicants)
    await _write(engine, "rubric", {RUBRIC: [_rubric()]})
    await _write(engine, "round", {SHOW: list(_round(applications, names))})
    scored = {
        applicant.application: list(_scored(applicant, number, leniency, rng))
        for number, applicant in enumerate(applicants)
    }
    await _write(engine, "candidate", scored)
    await _published(engine)
    await engine.stop()
    send(candidate=applications[0])


async def _published(engine: Engine) -> None:
    async with asyncio.timeout(PUBLISHED_SECONDS_MAX):
        while True:
            if not (await engine.progress.read())["outboxes_waiting"]:
                return
            await asyncio.sleep(0.2)


async def _write(engine: Engine, kind: str, histories: dict[str, list[Event]]) -> None:
    aggregates = engine.commands[kind].aggregates
    for part in _parts(list(histories.items())):
        many = []
        for subject, events in part:
            loaded = aggregates.documents.loaded(subject, None)
            about = Context(now=BEGUN_AT, origin=Origin.REACTION, actor="bench", subject=subject)
            aggregates.documents.apply_events(loaded, events, about, None)
            many.append(loaded)
        await engine.database.transaction(partial(aggregates.write_many, many))


def _parts(histories: list[tuple[str, list[Event]]]) -> Iterator[list[tuple[str, list[Event]]]]:
    for start in range(0, len(histories), AT_ONCE):
        yield histories[start : start + AT_ONCE]


def _rubric() -> RubricPublished:
    word = Sentence(id="Mutu", en="Quality")
    return RubricPublished(
        rubric=RUBRIC,
        title=word,
        criteria=tuple(
            Criterion(code=code, name=word, weight=100 // len(CRITERIA), levels=(word,) * 5)
            for code in CRITERIA
        ),
        thresholds={Scope.DOMESTIC: 6_000},
        deciding=Deciding.CALIBRATED,
    )


def _round(applications: tuple[str, ...], curators: list[str]) -> Iterator[Event]:
    places = max(1, len(applications) * 7 // 100)
    yield RoundOpened(
        places=places,
        quotas=tuple(overlapping_quotas(places)),
        rubric=RUBRIC,
        threshold=6_000,
        sheets_min=SHEETS,
        offer_hours=72,
        starts_on=date(2018, 4, 25),
        ends_on=date(2018, 4, 29),
        **ROUND,
    )
    yield PanelAppointed(size=len(curators), curators=tuple(curators), **ROUND)
    yield CandidatesListed(applications=applications, **ROUND)
    yield ScoringClosed(
        closing=1,
        sheets_min=SHEETS,
        applications=applications,
        closed_by="officer",
        scored_by=tuple(curators),
        **ROUND,
    )


def overlapping_quotas(places: int) -> Iterator[Quota]:
    """Yield ten quotas that overlap, as a large call might have them."""
    most = max(1, places // 4)
    for code in PROVINCES:
        province = Province(system="BPS", edition="2018", code=code)
        group = ProvinceGroup(form="provinces", provinces=(province,))
        yield Quota(code=f"p{code}", group=group, minimum=places // 10, maximum=most)
    for sector in ("10", "13"):
        group_of = SectorGroup(form="sectors", sectors=(sector,))
        yield Quota(code=f"s{sector}", group=group_of, maximum=most)
    yield Quota(code="new", group=FirstTimerGroup(form="first-timers"), minimum=places // 2)
    yield Quota(code="kop", group=CooperativeGroup(form="cooperatives"), minimum=places // 8)


def made_up_applicant(number: int, rng: Random) -> Applicant:
    """Return an applicant of this seed."""
    return Applicant(
        enterprise=f"{number:08}-0000-4000-8000-000000000000",
        province=Province(system="BPS", edition="2018", code=rng.choice(PROVINCES)),
        sector=rng.choice(["10", "13", "14", "15"]),
        size_class=SizeClass.SMALL,
        cooperative=rng.random() < 0.1,
        first_timer=rng.random() < 0.4,
        **ROUND,
    )


def _scored(
    applicant: Applicant, number: int, leniency: dict[str, float], rng: Random
) -> Iterator[Event]:
    yield CandidateEntered(applicant=applicant, submitted_at=BEGUN_AT + timedelta(minutes=number))
    merit = rng.gauss(3.2, 0.6)
    sheets = []
    for curator in rng.sample(sorted(leniency), SHEETS):
        levels = {
            code: min(5, max(1, round(merit + leniency[curator] + rng.gauss(0, 0.8))))
            for code in CRITERIA
        }
        total = sum(levels.values()) * 2_000 // len(CRITERIA)
        sheets.append(Sheet(curator=curator, levels=levels, total=total))
        yield CuratorAssigned(applicant=applicant, curator=curator)
        yield ScoreSheetSubmitted(applicant=applicant, sheet=sheets[-1])
    yield CandidateScored(
        applicant=applicant,
        closing=1,
        scored=True,
        score=mean_of([sheet.total for sheet in sheets]),
        sheets=tuple(sheets),
    )
