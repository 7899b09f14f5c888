"""The outcomes of rows that were not done, and which of its documents a row files."""

from collections.abc import Mapping
from typing import Any

from services.registration.domain.document.decider import FileDocument
from services.registration.domain.document.state import Document
from services.registration.domain.imports.rows import ReadRow, RowCommands
from services.registration.domain.imports.sentences import sentences_of
from shared.contracts.registration.imports import RowWord
from shared.kernel.errors import Problem
from shared.kernel.jobs import RowOutcome


def malformed(row: ReadRow) -> RowOutcome:
    """Return the outcome of a row whose cells cannot be taken: each fault by its column."""
    errors = [
        {"column": fault.column, "code": fault.code, "sentence": sentences_of(fault.code)}
        for fault in row.faults
    ]
    return RowOutcome(outcome=RowWord.MALFORMED, final=True, shown={"errors": errors})


def refused(refusal: Problem, **before: str) -> RowOutcome:
    """Return the outcome of a row that a rule refused, with what was done `before`.

    It is not final: the same file takes the row up again.
    """
    shown: dict[str, Any] = {
        **before,
        "code": refusal.code,
        "sentence": sentences_of(refusal.code),
    }
    return RowOutcome(outcome=RowWord.REFUSED, final=False, shown=shown)


def documents_to_file(commands: RowCommands, filed: Mapping[str, Document]) -> list[FileDocument]:
    """Return the documents of a row that are not among those that count of its enterprise."""
    there = {
        (each.document_kind, each.issuer, each.number, each.issued_on, each.expires_on)
        for each in filed.values()
    }
    return [
        each
        for each in commands.documents
        if (each.document_kind, each.issuer, each.number, each.issued_on, each.expires_on)
        not in there
    ]
