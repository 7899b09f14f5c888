"""The facts that an application freezes at a submission, a revision or a correction.

The size class comes from the law of the rule set that the call has frozen, so a revision and a
correction judge by the same law as the first submission. A channel (a provincial office, an
association) may propose the enterprise: its letter is one of the frozen documents. The keyed hashes
of its owner or board and of that office are frozen too, with the newest key: by them selection
finds conflicts of interest without a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from services.registration.domain.application.participations import (
    ParticipationFacts,
    attended_before,
)
from services.registration.domain.document.state import (
    Document,
    filers,
    frozen_documents,
    frozen_files,
)
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.state import Exhibition
from services.registration.domain.rule_set.decider import RuleSet
from services.registration.domain.rule_set.size_classes import size_class_by
from shared.contracts.ids import enterprise_of, exhibition_of
from shared.contracts.registration.application_codes import Channel
from shared.contracts.registration.document import DocumentKind, FrozenDocument, FrozenFile
from shared.contracts.relations import Relation, RelationKind
from shared.contracts.words import Applicant, Id, Text
from shared.kernel.decider import Context, Refused
from shared.kernel.keys import HashKeys
from shared.kernel.relations import office_hash, renewed_hash


class Papers(TypedDict):
    """The fields of an event that freezes documents, and the people who declared and filed."""

    documents: tuple[FrozenDocument, ...]
    files: tuple[FrozenFile, ...]
    filed_by: tuple[str, ...]
    declared_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts:
    """The exhibition, the enterprise and all its applications, as this service stores them.

    `documents` are those of the enterprise that count, by id. `rule_set` is the one that the call
    has frozen; an exhibition without a call has none. `relation_keys` key the hashes of relations.
    """

    exhibition: Exhibition
    enterprise: Enterprise
    participations: ParticipationFacts
    documents: Mapping[str, Document]
    rule_set: RuleSet | None
    relation_keys: HashKeys

    def papers(self) -> Papers:
        """Return what an application freezes of the documents, and who stands behind it."""
        return Papers(
            documents=frozen_documents(self.documents),
            files=frozen_files(self.documents),
            filed_by=filers(self.documents),
            declared_by=self.enterprise.declarers(),
        )


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """The channel that proposes the enterprise, the office that signed, and its letter.

    `letter` is a document of the enterprise of kind RECOMMENDATION with its file; `office` stays
    private.
    """

    channel: Literal[
        Channel.PROVINCIAL_OFFICE,
        Channel.ASSOCIATION,
        Channel.COOPERATIVE_FEDERATION,
        Channel.EMBASSY,
    ]
    office: Text = field(repr=False)
    letter: Id


class Recommended(TypedDict):
    """The fields of an event that say who has proposed the enterprise, and its relations."""

    channel: Channel
    letter: str | None
    office: str
    relations: tuple[Relation, ...]


def frozen_recommendation(named: Recommendation | None, facts: SubmissionFacts) -> Recommended:
    """Return who proposes the enterprise; refuse a letter that is not among its documents."""
    if named is None:
        return Recommended(
            channel=Channel.ENTERPRISE, letter=None, office="", relations=relations_of(facts)
        )
    letter = facts.documents.get(named.letter)
    if letter is None or letter.document_kind is not DocumentKind.RECOMMENDATION:
        raise Refused(
            "no-recommendation",
            f"{named.letter} is no recommendation letter of yours that counts: file it as a "
            f"document of kind {DocumentKind.RECOMMENDATION}, and name that.",
        )
    if not letter.file:
        raise Refused(
            "letter-without-file",
            "This letter has no file: file it again with its signed copy (`file`).",
        )
    return Recommended(
        channel=named.channel,
        letter=named.letter,
        office=named.office,
        relations=relations_of(facts, named.office),
    )


def relations_of(facts: SubmissionFacts, office: str = "") -> tuple[Relation, ...]:
    """Return the relations of the enterprise by the newest key, and of the office, if any."""
    keys = facts.relation_keys
    own = tuple(
        Relation(kind=each.kind, hash=renewed_hash(each.hash, keys))
        for each in facts.enterprise.relations
    )
    if not office:
        return own
    return (*own, Relation(kind=RelationKind.PROPOSER, hash=office_hash(office, keys)))


def frozen_applicant(facts: SubmissionFacts, context: Context) -> Applicant:
    """Return the applicant's facts as they are now; refuse an enterprise that is no KUKM."""
    assert facts.rule_set is not None, "an open call has a rule set"
    enterprise, programme = facts.enterprise, facts.exhibition.programme
    law = facts.rule_set.size_law
    size_class = size_class_by(
        law, net_assets_idr=enterprise.net_assets_idr, annual_sales_idr=enterprise.annual_sales_idr
    )
    if size_class is None:
        raise Refused(
            "not-kukm",
            f"Your enterprise is larger than a medium enterprise by {law.name}, "
            "so it cannot apply.",
        )
    return Applicant(
        exhibition=exhibition_of(context.subject),
        programme=programme,
        scope=facts.exhibition.scope,
        enterprise=enterprise_of(context.subject),
        province=enterprise.province,
        sector=enterprise.sector,
        size_class=size_class,
        cooperative=enterprise.cooperative,
        first_timer=enterprise.earlier_participations == 0
        and facts.participations.declared == 0
        and not attended_before(facts.participations, programme),
        illustrative=facts.exhibition.illustrative,
    )
