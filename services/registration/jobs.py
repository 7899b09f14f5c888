"""The work of a row of an import: register or know the enterprise, file its documents, apply.

Called by `shared.service.jobs`. Every command of a row has the row in its key, so a row that was
half done ends with its effects once, and `source` in history. What a rule refuses is the row's
outcome, with what was done before it; the officer corrects the table, or sends the same file again.
"""

from pydantic import TypeAdapter

from services.registration.api.facts import document_states, submission_facts
from services.registration.domain.application import submission
from services.registration.domain.application.decider import application
from services.registration.domain.application.submission import SubmitApplication
from services.registration.domain.document.decider import (
    FilingFacts,
    document,
    file_document,
)
from services.registration.domain.document.state import counting
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.imports.decider import FinishImport, Import, imports
from services.registration.domain.imports.outcomes import documents_to_file, refused
from services.registration.domain.imports.recognition import (
    require_one_owner,
    require_same_numbers,
)
from services.registration.domain.imports.rows import RowCommands
from shared.contracts.ids import application_id
from shared.contracts.registration.imports import RowWord
from shared.contracts.roles import Role
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Busy, NotFound, Refused
from shared.kernel.jobs import Job, JobRow, RowOutcome
from shared.service import Service

ROW: TypeAdapter[RowCommands] = TypeAdapter(RowCommands)
ALREADY = frozenset({"already-submitted", "withdrawn-for-good"})


async def import_row(service: Service, state: Import, row: JobRow) -> RowOutcome:
    """Do a row. Raises errors that may pass, such as `Busy`."""
    commands, acting = ROW.validate_python(dict(row.data)), _Acting(service, state, row)
    shown: dict[str, str] = {}
    try:
        id, outcome = await _enterprise_of(service, commands, acting)
        shown["enterprise"] = id
        await _file(service, id, commands, acting, is_known=outcome is RowWord.RECOGNISED)
        if commands.applying is not None:
            await _apply(service, id, commands, acting)
            shown["application"] = application_id(commands.applying.exhibition, id)
    except (Refused, NotFound) as refusal:
        return refused(refusal, **shown)
    return RowOutcome(outcome=outcome, final=True, shown=shown)


class _Acting:
    """The contexts of a row's commands: the officer who asked for the import, at this moment."""

    def __init__(self, service: Service, state: Import, row: JobRow) -> None:
        self._service, self._state, self._row = service, state, row

    def now(self, step: str) -> Context:
        """Return the context of a command of this row; each has a step of its own."""
        person = Context(
            now=self._service.now(),
            origin=Origin.PERSON,
            actor=self._state.requested_by,
            alias=self._state.alias,
            roles=frozenset({Role.VERIFICATION_OFFICER}),
        )
        return self._row.acting(person, imports.kind, step)


async def _enterprise_of(
    service: Service, commands: RowCommands, acting: _Acting
) -> tuple[str, RowWord]:
    """Register the enterprise, or find the one that has these numbers."""
    context = acting.now("registration")
    id = context.derived_id("RegisterEnterprise")
    try:
        async with service.claimed(enterprise, id, commands.claims):
            await service.handle(enterprise, id, commands.registration, context)
    except Refused as refusal:
        if not refusal.code.endswith("-taken"):
            raise
    else:
        return id, RowWord.REGISTERED
    found = [await service.owner(enterprise, claim) for claim in commands.claims]
    owners = [owner for owner in found if owner is not None]
    if not owners:
        raise Busy("claim-busy", "Another registration with these numbers is under way: try again.")
    owner = require_one_owner(owners)
    known = await service.load(enterprise, owner)
    assert known is not None, "an owner has its claims in its state"
    require_same_numbers(known, commands.hashes)
    return owner, RowWord.RECOGNISED


async def _file(
    service: Service, id: str, commands: RowCommands, acting: _Acting, *, is_known: bool
) -> None:
    """File the documents of a row, without files; what a known enterprise has is left out."""

    # What this row itself has filed for a new enterprise, its receipts know.
    filed = await document_states(service, id) if is_known else {}

    async def facts() -> FilingFacts:
        return FilingFacts(
            enterprise=id,
            sha256="",
            replaced=None,
            documents=len(filed),
            documents_max=service.engine.settings.documents_max,
        )

    for command in documents_to_file(commands, counting(filed)):
        context = acting.now(f"document/{command.document_kind}")
        id_of_document = context.derived_id("FileDocument")
        await service.handle(
            document, id_of_document, command, context, rule=file_document, facts=facts
        )


async def _apply(
    service: Service, enterprise_id: str, commands: RowCommands, acting: _Acting
) -> None:
    """Apply on behalf of the enterprise; an application that is there stays as it is."""
    assert commands.applying is not None, "the row applies"
    exhibition = commands.applying.exhibition
    command = SubmitApplication(enterprise=enterprise_id, capacity=commands.applying.capacity)
    try:
        await service.handle(
            application,
            application_id(exhibition, enterprise_id),
            command,
            acting.now("application"),
            rule=submission.submit_application,
            facts=lambda: submission_facts(service, exhibition, enterprise_id),
        )
    except Refused as refusal:
        if refusal.code not in ALREADY:
            raise


jobs = (
    Job(
        decider=imports,
        run_row=import_row,
        finish=lambda run, outcomes: FinishImport(run=run, outcomes=dict(outcomes)),
    ),
)
