"""The programme is announced: targets, rules, rubric, pagu, calendar; enterprises register."""

from demo.fiction.enterprises import Enterprise
from demo.player.people import (
    PROGRAMME_OFFICER,
    SECRETARY,
    TREASURER,
    representative,
)
from demo.player.play import Play
from demo.player.stages.dinas import import_table, is_of_the_dinas
from demo.player.stages.papers import file_document, scanned
from demo.programme_2018.exhibition import Exhibition
from demo.programme_2018.programme import (
    DIPA,
    DOCUMENT,
    PAGU_IDR,
    SIGNED_ON,
    TARGETS,
    TITLE,
    YEAR,
)
from services.registration.rule_sets import rule_set_file
from services.selection.rubrics import rubric_file

EXHIBITIONS = "registration/exhibitions"
RULE_SET = rule_set_file("kukm-2018-1")
RUBRIC = rubric_file("kukm-2018-1")


async def announce(play: Play) -> str:
    """Programme, rule set, rubric, envelopes and calendar."""
    programme = {
        "programme": YEAR,
        "title": TITLE,
        "targets": list(TARGETS),
        "document_number": DOCUMENT,
        "signed_on": SIGNED_ON,
    }
    await play.api.command(PROGRAMME_OFFICER, "registration/programmes", programme)
    await play.api.command(PROGRAMME_OFFICER, "registration/rule-sets", RULE_SET)
    await play.api.command(SECRETARY, "selection/rubrics", RUBRIC)
    await play.each(PAGU_IDR, lambda scope: _open_envelope(play, scope))
    await play.each(play.programme.exhibitions, lambda exhibition: _propose(play, exhibition))
    first = play.programme.planned_first
    await play.each(first, lambda exhibition: plan(play, exhibition))
    held = play.programme.held
    places = sum(exhibition.places for exhibition in held)
    illustrative = sum(exhibition.illustrative for exhibition in play.programme.exhibitions)
    pagu = " and ".join(f"Rp {idr:,} {scope.lower()}" for scope, idr in PAGU_IDR.items())
    return (
        f"{len(TARGETS)} targets; pagu {pagu}; "
        f"{len(first)} exhibitions planned ({illustrative} illustrative), "
        f"{places} places at the {len(held)} that will be held"
    )


async def enrol(play: Play) -> str:
    """Enterprises register and file their documents; a dinas registers those of its province."""
    imported = await import_table(play)
    entries = play.world.enterprises
    others = [entry for entry in entries if not is_of_the_dinas(entry)]
    await play.each(others, lambda enterprise: _register(play, enterprise))
    scanning = [
        entry for entry in entries if is_of_the_dinas(entry) and scanned(play, entry.number)
    ]
    await play.each(scanning, lambda enterprise: _file_documents(play, enterprise))
    documents = sum(len(enterprise.documents) for enterprise in play.world.enterprises)
    cooperatives = sum(enterprise.form["cooperative"] for enterprise in play.world.enterprises)
    return (
        f"{len(play.world.enterprises):,} fictional enterprises, {cooperatives} of them "
        f"cooperatives, with {documents:,} documents; {imported}; the {len(play.overseas)} that "
        "want to go overseas file scans of them"
    )


async def _open_envelope(play: Play, scope: str) -> None:
    envelope = {
        "programme": YEAR,
        "scope": scope,
        "pagu_idr": PAGU_IDR[scope],
        "document_number": DIPA,
        "effective_on": play.today,
    }
    await play.api.command(TREASURER, "budget/envelopes", envelope, apart=scope)


async def _propose(play: Play, exhibition: Exhibition) -> None:
    proposed = {
        "exhibition": exhibition.id,
        "programme": YEAR,
        "scope": exhibition.scope,
        "name": exhibition.name,
        "city": exhibition.city,
        "country": exhibition.country,
        "organiser": exhibition.organiser,
        "sectors": list(exhibition.sectors),
        "slot": exhibition.slot,
        "illustrative": exhibition.illustrative,
        "zone": exhibition.zone,
    }
    await play.api.command(PROGRAMME_OFFICER, EXHIBITIONS, proposed, apart=exhibition.id)


async def plan(play: Play, exhibition: Exhibition) -> None:
    """Put a proposed exhibition in the calendar."""
    starts_on, ends_on = exhibition.first_days
    planned = {
        "venue": exhibition.venue,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "places": exhibition.places,
        "booths": {"number": exhibition.booths, "shared_by": exhibition.shared_by},
    }
    await play.api.command(PROGRAMME_OFFICER, f"{EXHIBITIONS}/{exhibition.id}/plan", planned)


async def _register(play: Play, enterprise: Enterprise) -> None:
    applicant = representative(enterprise.representative)
    address = "registration/enterprises"
    answer = await play.api.command(
        applicant, address, enterprise.form, apart=str(enterprise.number)
    )
    play.enterprise_registered(enterprise.number, answer["id"])
    await _file_documents(play, enterprise)


async def _file_documents(play: Play, enterprise: Enterprise) -> None:
    id = play.enterprises[enterprise.number]
    registered = representative(enterprise.representative, id)
    for document in enterprise.documents:
        await file_document(play, enterprise.number, registered, document)
