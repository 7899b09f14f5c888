"""A round of thousands of candidates on real servers: closed, ranked, proposed and approved.

The candidates are written with their sheets at once, as a reaction would write them; the routes do
the rest.
"""

from services.selection.app import service
from shared.contracts.registration.exhibition import VerificationClosed
from shared.contracts.selection.candidate import (
    CandidateEntered,
    CuratorAssigned,
    ScoreSheetSubmitted,
    Sheet,
)
from tests.given import context
from tests.long_tests import long_test
from tests.selection.examples import ANI, EXHIBITION, ROUND_FIELDS, SUBMITTED_AT, applicant
from tests.selection.secretariat import ROUND, Secretariat
from tests.selection.test_reactions import CALL

MANY, PLACES = 2_500, 500
ENTERPRISES = [f"{number:08}-0000-4000-8000-000000000000" for number in range(MANY)]


async def enter_with_sheets() -> None:
    """Enter all candidates, each with the sheet of a curator: the later, the higher its score."""
    candidates = service.engine.commands["candidate"].aggregates
    entered = []
    for number, enterprise in enumerate(ENTERPRISES):
        who = applicant(enterprise)
        sheet = Sheet(curator=ANI, levels={"quality": 5}, total=7_000 + number)
        loaded = candidates.documents.loaded(who.application, None)
        events = (
            CandidateEntered(applicant=who, submitted_at=SUBMITTED_AT),
            CuratorAssigned(applicant=who, curator=ANI),
            ScoreSheetSubmitted(applicant=who, sheet=sheet),
        )
        about = context(subject=who.application)
        candidates.documents.apply_events(loaded, events, about, None)
        entered.append(loaded)
    await service.engine.database.transaction(
        lambda session: candidates.write_many(entered, session)
    )


@long_test
async def test_thousands_of_candidates_are_ranked_and_approved(secretariat: Secretariat) -> None:
    eligible = tuple(f"{EXHIBITION}.{enterprise}" for enterprise in ENTERPRISES)
    call = CALL.model_copy(update={"sheets_min": 1, "places": PLACES})
    listed = VerificationClosed(eligible=eligible, **ROUND_FIELDS)
    await secretariat.publisher.publish(EXHIBITION, call, listed)
    await enter_with_sheets()
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/panel", {"curators": [ANI]})
    await secretariat.done(f"{ROUND}/scoring-closure", {})
    await secretariat.settles()
    await secretariat.done(f"{ROUND}/proposal", {})
    shown = await secretariat.shows(f"{ROUND}/proposal", "approver")
    best = eligible[::-1]
    assert [row["application"] for row in shown["selected"]] == list(best[:PLACES])
    digest = {"digest": shown["digest"]}
    await secretariat.done(f"{ROUND}/approval", digest, role="approver")
    body = await secretariat.shows(ROUND)
    assert (len(body["seats"]), body["reserve"]) == (PLACES, list(best[PLACES:]))
    await secretariat.settles()
