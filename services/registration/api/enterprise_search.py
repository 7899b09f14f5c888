"""Routes that find enterprises: by an official number, and by words of the name.

Names are compared here as they are; the index has keyed hashes of their words only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import AfterValidator

from services.registration.api import NAME_READERS, knows_names
from services.registration.api.enterprise import identifier_keys, shown
from services.registration.domain.duplicates.search_keys import word_hashes
from services.registration.domain.duplicates.words import name_words
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.identifiers import OneIdentifier
from services.registration.domain.enterprise.registration import identifier_claims_of
from services.registration.domain.enterprise.state import Enterprise
from shared.contracts.words import Text
from shared.contracts.wrong_value import WrongValue
from shared.http import After, Caller, Limit, RunningService, page, query, routes
from shared.kernel.answers import Found
from shared.kernel.errors import Forbidden
from shared.kernel.keys import HashKeys
from shared.service import Service

router = routes("enterprise")

READ_AT_ONCE = 500
"""So many enterprises are read in one query, to find those of them that have all the words."""


def _has_words(name: str) -> str:
    if not name_words(name):
        raise WrongValue(
            "write a word of the name itself: PT, CV or Koperasi alone find nothing",
            id="Tulis kata dari namanya sendiri: PT, CV, atau Koperasi saja tidak menemukan apa "
            "pun.",
        )
    return name


@dataclass(frozen=True, kw_only=True)
class NameSearch:
    """Words of the name of an enterprise, in any order, with capitals or not."""

    name: Annotated[Text, AfterValidator(_has_words)]


Officer = Annotated[Caller, query("verification-officer", "auditor")]
NameReader = Annotated[Caller, query(*sorted(NAME_READERS))]
Keys = Annotated[HashKeys, Depends(identifier_keys)]


@router.post("/enterprises/lookup")
async def look_up_enterprise(
    body: OneIdentifier,
    request: Request,
    reader: Officer,
    service: RunningService,
    keys: Keys,
) -> dict[str, Any]:
    """Find the enterprise with this number; the number is in the body, so that no URL has it."""
    await service.keys.check()
    claims = identifier_claims_of(body, keys)
    owners = [await service.owner(enterprise, claim) for claim in claims]
    found = [await service.get(enterprise, owner) for owner in owners if owner is not None]
    return page(request, [shown(reader, each) for each in found], len(claims) + 1)


@router.post("/enterprises/search")
async def search_enterprises(  # noqa: PLR0913 - a query's parameters are what they are
    body: NameSearch,
    request: Request,
    reader: NameReader,
    service: RunningService,
    keys: Keys,
    *,
    after: After = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Find the enterprises whose names have all these words, in order of id.

    The next page is the same search, sent to the address in `next`. A token that also selects is
    refused with 403 `names-by-pass`.
    """
    if not knows_names(reader):
        raise Forbidden(
            "names-by-pass",
            "Your token has a role that selects, so you read names with a pass of selection: "
            "GET /exhibitions/{exhibition}/candidate-names.",
        )
    found = await _named(service, keys, name_words(body.name), after=after, limit=limit)
    return page(request, [shown(reader, each) for each in found], limit)


async def _named(
    service: Service, keys: HashKeys, words: Sequence[str], *, after: str, limit: int
) -> list[Found[Enterprise | None]]:
    named: dict[str, Found[Enterprise | None]] = {}
    for hashed in word_hashes(max(words, key=len), keys):
        found = await _with_words(service, hashed, set(words), after=after, limit=limit)
        named |= {each.id: each for each in found}
    return [named[id] for id in sorted(named)][:limit]


async def _with_words(
    service: Service, hashed: str, words: set[str], *, after: str, limit: int
) -> list[Found[Enterprise | None]]:
    named: list[Found[Enterprise | None]] = []
    while len(named) < limit:
        found = await service.find(enterprise, after=after, limit=READ_AT_ONCE, search_keys=hashed)
        named += [
            each
            for each in found
            if each.state is not None and words <= set(name_words(each.state.name))
        ]
        if len(found) < READ_AT_ONCE:
            break
        after = found[-1].id
    return named[:limit]
