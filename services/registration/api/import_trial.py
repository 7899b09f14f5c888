"""Try the rows of a table: the rules decide as they would now, and nothing is written.

A row is tried alone: that two rows of a file have one number is found when the file is read. What
changes until the import (a call that closes, a number that is taken) changes its outcome.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.registration.api.facts import (
    document_states,
    load_rule_set,
    participation_facts,
    relation_keys_of,
)
from services.registration.domain.application.decider import application
from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import ParticipationFacts
from services.registration.domain.application.submission import (
    SubmitApplication,
    submit_application,
)
from services.registration.domain.document import state as document_state
from services.registration.domain.document.decider import FilingFacts, file_document
from services.registration.domain.document.state import Document, counting
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.registration import register_enterprise
from services.registration.domain.enterprise.state import Enterprise, evolve
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.imports.outcomes import (
    documents_to_file,
    malformed,
    refused,
)
from services.registration.domain.imports.recognition import (
    require_one_owner,
    require_same_numbers,
)
from services.registration.domain.imports.rows import Applying, ReadRow, RowCommands
from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.ids import application_id
from shared.contracts.registration.imports import RowWord
from shared.kernel.decider import Context
from shared.kernel.errors import NotFound, Refused
from shared.kernel.jobs import RowOutcome
from shared.service import Service

NEW = "new"
"""The id of an enterprise that is not registered yet, for the rules; no reader sees it."""
ROWS_BETWEEN_RESTS = 100


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """The owners of the numbers of all rows, and the exhibitions that rows apply for.

    `rule_sets` has the rule set of each exhibition that has one, by exhibition.
    """

    owners: Mapping[str, str]
    exhibitions: Mapping[str, Exhibition | None]
    rule_sets: Mapping[str, RuleSet]


@dataclass(frozen=True, kw_only=True)
class _Applicant:
    """The enterprise of a row, with the documents that it would have."""

    id: str
    state: Enterprise
    documents: Mapping[str, Document]


async def try_rows(
    service: Service, rows: Sequence[ReadRow], context: Context
) -> dict[int, RowOutcome]:
    """Return the outcome that each row would have, by its number."""
    all_commands = [row.commands for row in rows if row.commands is not None]
    applied = {each.applying.exhibition for each in all_commands if each.applying is not None}
    exhibitions = {id: await service.load(exhibition, id) for id in sorted(applied)}
    facts = _Facts(
        owners=await service.owners(enterprise, [c for each in all_commands for c in each.claims]),
        exhibitions=exhibitions,
        rule_sets={
            id: await load_rule_set(service, show.call.rule_set)
            for id, show in exhibitions.items()
            if show is not None and show.call is not None
        },
    )
    outcomes: dict[int, RowOutcome] = {}
    for row in rows:
        if row.commands is None:
            outcomes[row.number] = malformed(row)
        else:
            outcomes[row.number] = await _try(service, row.commands, facts, context)
        if len(outcomes) % ROWS_BETWEEN_RESTS == 0:
            # The rules compute, and other requests wait for the event loop.
            await asyncio.sleep(0)
    return outcomes


async def _try(
    service: Service, commands: RowCommands, facts: _Facts, context: Context
) -> RowOutcome:
    shown: dict[str, str] = {}
    try:
        id, state = await _enterprise(service, commands, facts, context)
        if id != NEW:
            shown["enterprise"] = id
        documents = await _documents(service, id, commands, context)
        if commands.applying is not None:
            applicant = _Applicant(id=id, state=state, documents=documents)
            await _apply(service, commands.applying, facts, context, applicant)
    except (Refused, NotFound) as refusal:
        return refused(refusal, **shown)
    word = RowWord.REGISTERED if id == NEW else RowWord.RECOGNISED
    return RowOutcome(outcome=word, final=True, shown=shown)


async def _enterprise(
    service: Service, commands: RowCommands, facts: _Facts, context: Context
) -> tuple[str, Enterprise]:
    """Return the enterprise that has the numbers of this row, or the one that it would make."""
    owners = [facts.owners[claim] for claim in commands.claims if claim in facts.owners]
    known = await service.load(enterprise, require_one_owner(owners)) if owners else None
    if known is not None:
        require_same_numbers(known, commands.hashes)
        return owners[0], known
    (registered,) = register_enterprise(commands.registration, None, replace(context, subject=NEW))
    return NEW, evolve(None, registered)


async def _documents(
    service: Service, id: str, commands: RowCommands, context: Context
) -> dict[str, Document]:
    """Return the documents that would count of the enterprise, with those of the row."""
    present = {} if id == NEW else await document_states(service, id)
    documents = counting(present)
    facts = FilingFacts(
        enterprise=id,
        sha256="",
        replaced=None,
        documents=len(present),
        documents_max=service.engine.settings.documents_max,
    )
    for number, command in enumerate(documents_to_file(commands, documents)):
        new = f"{NEW}-{number}"
        for filed in file_document(command, facts, None, replace(context, subject=new)):
            documents[new] = document_state.evolve(None, filed)
    return counting(documents)


async def _apply(
    service: Service,
    applying: Applying,
    facts: _Facts,
    context: Context,
    applicant: _Applicant,
) -> None:
    """Apply as the row would; an application that is there stays as it is."""
    show = facts.exhibitions[applying.exhibition]
    if show is None:
        raise NotFound("exhibition", applying.exhibition)
    subject = application_id(applying.exhibition, applicant.id)
    participations = ParticipationFacts(applications=())
    if applicant.id != NEW:
        if await service.load(application, subject) is not None:
            return
        participations = await participation_facts(service, applicant.id)
    submit_application(
        SubmitApplication(enterprise=applicant.id, capacity=applying.capacity),
        SubmissionFacts(
            exhibition=show,
            rule_set=facts.rule_sets.get(applying.exhibition),
            enterprise=applicant.state,
            participations=participations,
            documents=applicant.documents,
            relation_keys=relation_keys_of(service),
        ),
        None,
        replace(context, subject=subject),
    )
