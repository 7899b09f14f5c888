"""Routes of decision letters: issue them to one applicant, or to many at once.

The call for many is a command on each of its letters (`shared.http.many`).
"""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Path
from pydantic import Field

from services.registration.api.enterprise import identifier_keys
from services.registration.api.issuing import issue
from services.registration.api.issuing_facts import Subject
from services.registration.domain.issued_document.decider import IssueLetter
from shared.contracts.documents import DocumentNumber
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.issued_document import IssuedKind
from shared.contracts.words import Id, PairId, Text
from shared.http import Results, RunningService, command, decide_each, require_distinct, routes
from shared.kernel.answers import Answer
from shared.kernel.decider import Context
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys

router = routes("issued-document")

Issuer = Annotated[Context, command("programme-officer")]
Keys = Annotated[HashKeys, Depends(identifier_keys)]
ApplicationId = Annotated[PairId, Path(alias="application")]
ExhibitionId = Annotated[Id, Path(alias="exhibition")]


@dataclass(frozen=True, kw_only=True)
class NumberedLetter:
    """A letter to the applicant of this application, under a number of its own."""

    application: PairId
    number: DocumentNumber


@dataclass(frozen=True, kw_only=True)
class IssueLetters:
    """Issue the decision letters to many applicants of an exhibition, signed as one letter is."""

    letters: Annotated[tuple[NumberedLetter, ...], Field(min_length=1, max_length=200)]
    position: Text = field(repr=False)
    signatory: Text | None = field(default=None, repr=False)


@router.post("/applications/{application}/issued-documents", status_code=201)
async def issue_letter_to(
    id: ApplicationId, body: IssueLetter, context: Issuer, service: RunningService, keys: Keys
) -> Answer:
    """Issue the letter that tells an applicant the result of the selection."""
    return await issue(service, _subject(id), body, context, keys=keys)


@router.post("/exhibitions/{exhibition}/letters")
async def issue_letters(
    id: ExhibitionId, body: IssueLetters, context: Issuer, service: RunningService, keys: Keys
) -> Results:
    """Issue decision letters to many applicants; each letter is issued or refused by itself."""
    applications = [each.application for each in body.letters]
    require_distinct(applications, "application-repeated")

    def issue_next(position: int) -> Awaitable[Answer]:
        item = body.letters[position]
        _require_of(id, item.application)
        letter = IssueLetter(number=item.number, position=body.position, signatory=body.signatory)
        return issue(service, _subject(item.application), letter, context, keys=keys)

    return await decide_each(applications, issue_next, status=201)


def _subject(application: str) -> Subject:
    return Subject(
        kind=IssuedKind.DECISION_LETTER,
        exhibition=exhibition_of(application),
        enterprise=enterprise_of(application),
    )


def _require_of(exhibition: str, application: str) -> None:
    if exhibition_of(application) != exhibition:
        raise Refused(
            "another-exhibition",
            f"{application} is no application for {exhibition}: name it at its own exhibition.",
        )
