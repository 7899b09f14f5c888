"""The rules of issued documents: of facts that are there, once; and how their papers stand."""

from dataclasses import replace
from typing import Any

import pytest

from services.registration.domain.issued_document.basis import (
    AnnexBasis,
    Basis,
    LetterBasis,
    MinutesBasis,
    kind_of,
    named,
)
from services.registration.domain.issued_document.decider import (
    IssueDocument,
    IssueLetter,
    IssuingFacts,
    RevokeIssuedDocument,
    issue_document,
    issued_document,
)
from services.registration.domain.issued_document.state import (
    IssuedDocument,
    Standing,
    claims,
    fault,
    standing,
)
from services.registration.responses.printed.annex import annex
from shared.contracts.calendar import jakarta_date
from shared.contracts.printed_document import ROWS_MAX, PrintedDocument, digest_of
from shared.contracts.registration.issued_document import (
    DocumentIssued,
    IssuedDocumentRevoked,
    IssuedKind,
    RevokedBecause,
)
from shared.contracts.words import Scope
from tests.given import NOW, When, given
from tests.registration.examples import CALLED, EXHIBITION, EXHIBITION_FIELDS, exhibition_after
from tests.registration.issued_documents import (
    HEADING,
    amended,
    amendment,
    approval,
    closed,
    decree,
    record_after,
    upheld,
)
from tests.registration.issued_documents import named as named_applicants

APPROVED = record_after(closed(1, 2), approval((1,), (2,)))
DECREED = record_after(closed(1, 2), approval((1, 2)), decree(1, 2))
MINUTES = MinutesBasis(record=APPROVED, cancelled=False)
LETTER = LetterBasis(enterprise="e-1", outcome="selected")
ANNEX = AnnexBasis(decree=DECREED.decree, cancelled=False)
ISSUE = IssueDocument(
    document_kind=IssuedKind.SELECTION_MINUTES, number="BA-7/Dep.3/2018", position="Deputi"
)
ISSUE_LETTER = IssueLetter(number="B-1/2018", position="Deputi")
ISSUE_ANNEX = replace(ISSUE, document_kind=IssuedKind.DECREE_ANNEX, number="SK-12/2018")
REVOKE = RevokeIssuedDocument(code=RevokedBecause.MISTYPED, reason="the number is wrong")


def words(*numbers: int) -> PrintedDocument:
    """Return the words of an annex of these participants."""
    of = record_after(decree(*numbers)).decree
    assert of is not None
    heading = replace(HEADING, issued_on=jakarta_date(NOW))
    return annex(heading, exhibition_after(*CALLED), of, named_applicants(*numbers))


WORDS = words(1)
DIGEST = digest_of(WORDS, "salt", kind="SELECTION_MINUTES", exhibition=EXHIBITION)
ISSUED = DocumentIssued(
    document_kind=IssuedKind.SELECTION_MINUTES,
    number="BA-7/Dep.3/2018",
    issued_on=jakarta_date(NOW),
    issued_at=NOW,
    serial=1,
    digest=DIGEST,
    words=WORDS,
    salt="salt",
    basis="approved",
    issued_by="tester",
    **EXHIBITION_FIELDS,
)
REVOKED = IssuedDocumentRevoked(
    document_kind=IssuedKind.SELECTION_MINUTES,
    code=RevokedBecause.MISTYPED,
    reason="the number is wrong",
    revoked_by="tester",
    **EXHIBITION_FIELDS,
)


def issuing(command: IssueDocument | IssueLetter, basis: Basis, **about: Any) -> When:
    """Issue a document that states these facts."""
    facts = IssuingFacts(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        basis=basis,
        words=about.pop("words", WORDS) if named(basis) else None,
        salt="salt",
    )
    return given(issued_document).when(command, rule=issue_document, facts=facts, **about)


def issued(**changes: Any) -> IssuedDocument:
    """Return the minutes as they were issued, with changes."""
    state = given(issued_document, ISSUED).state
    assert isinstance(state, IssuedDocument)
    return replace(state, **changes)


def test_a_document_is_issued_with_its_words_and_their_digest() -> None:
    issuing(ISSUE, MINUTES).then(ISSUED)


def test_a_document_with_other_words_than_its_digest_has_a_fault() -> None:
    assert fault(None) == fault(issued()) == ""
    for changes in ({"words": words(2)}, {"salt": "another"}, {"exhibition": "another"}):
        assert fault(issued(**changes)) == "its digest is not that of its words"


def test_a_document_is_issued_once() -> None:
    facts = IssuingFacts(
        exhibition=EXHIBITION,
        programme="2018",
        scope=Scope.DOMESTIC,
        basis=MINUTES,
        words=WORDS,
        salt="salt",
    )
    again = given(issued_document, ISSUED).when(ISSUE, rule=issue_document, facts=facts)
    again.refused("already-issued")


def test_an_objection_that_is_upheld_outdates_the_minutes() -> None:
    before = (closed(1, 2, 3), approval((1,), (2,)))
    bases = [
        named(MinutesBasis(record=record_after(*events), cancelled=False))
        for events in (before, (*before, upheld(3)), (*before, upheld(3), upheld(2)))
    ]
    assert bases[0] == "approved"
    assert len(set(bases)) == len(bases)


@pytest.mark.parametrize(
    ("command", "basis", "code"),
    [
        (
            ISSUE,
            MinutesBasis(record=record_after(closed(1)), cancelled=False),
            "selection-not-approved",
        ),
        (ISSUE, replace(MINUTES, cancelled=True), "selection-not-approved"),
        (ISSUE_LETTER, replace(LETTER, outcome=None), "no-result-to-tell"),
        (ISSUE_LETTER, replace(LETTER, outcome="ineligible"), "no-result-to-tell"),
        (ISSUE_LETTER, replace(LETTER, outcome="lapsed"), "no-result-to-tell"),
        (ISSUE_ANNEX, AnnexBasis(decree=None, cancelled=False), "participants-not-decreed"),
        (ISSUE_ANNEX, replace(ANNEX, cancelled=True), "participants-not-decreed"),
        (replace(ISSUE_ANNEX, number="SK-13/2018"), ANNEX, "number-of-another-decree"),
    ],
)
def test_what_is_not_there_is_not_issued(
    command: IssueDocument | IssueLetter, basis: Basis, code: str
) -> None:
    issuing(command, basis).refused(code)


def test_an_annex_waits_for_the_document_of_its_amendment() -> None:
    events = (decree(1, 2, 3), amended(1), amended(2, "SK-15/2018"))
    waiting = AnnexBasis(decree=record_after(*events).decree, cancelled=False)
    issuing(ISSUE_ANNEX, waiting).refused("amendment-unsigned")
    recorded = AnnexBasis(
        decree=record_after(*events, amendment("SK-16/2018", 1)).decree, cancelled=False
    )
    issuing(ISSUE_ANNEX, recorded).refused("number-of-another-decree", "SK-16/2018")
    made = issuing(replace(ISSUE_ANNEX, number="sk-16 /2018"), recorded).events()
    assert [type(event) for event in made] == [DocumentIssued]


def test_no_token_issues_or_revokes_a_letter_to_its_own_enterprise() -> None:
    issuing(ISSUE_LETTER, LETTER, enterprise="e-1").refused("own-enterprise")
    letter = ISSUED.model_copy(
        update={"document_kind": IssuedKind.DECISION_LETTER, "enterprise": "e-1"}
    )
    given(issued_document, letter).when(REVOKE, enterprise="e-1").refused("own-enterprise")


def test_only_a_letter_has_an_addressee() -> None:
    (letter,) = issuing(ISSUE_LETTER, LETTER).events()
    (minutes,) = issuing(ISSUE, MINUTES).events()
    assert isinstance(letter, DocumentIssued)
    assert isinstance(minutes, DocumentIssued)
    assert (letter.document_kind, letter.enterprise) == (IssuedKind.DECISION_LETTER, "e-1")
    assert (minutes.document_kind, minutes.enterprise) == (IssuedKind.SELECTION_MINUTES, None)


def test_a_document_of_too_many_rows_is_not_issued() -> None:
    long = words(*range(ROWS_MAX + 1))
    issuing(ISSUE, MINUTES, words=long).refused("document-too-long")
    assert issuing(ISSUE, MINUTES, words=words(*range(ROWS_MAX))).events()


def test_a_document_is_revoked_once() -> None:
    given(issued_document, ISSUED).when(REVOKE).then(REVOKED)
    given(issued_document, ISSUED, REVOKED).when(REVOKE).then()
    given(issued_document).when(REVOKE).refused("not-found")


def test_a_number_is_free_again_after_a_revocation() -> None:
    state = issued()
    assert claims(state) == {"document-number/BA-7/DEP.3/2018": "SELECTION_MINUTES"}
    assert claims(given(issued_document, ISSUED, REVOKED).state) == {}
    assert claims(None) == {}
    assert claims(replace(state, document_kind=IssuedKind.DECREE_ANNEX)) == {}, "its decree has it"


def test_a_paper_is_current_until_something_newer_is_there() -> None:
    own = issued()
    later = issued(serial=2, digest="0" * 64)
    revoked = given(issued_document, ISSUED, REVOKED).state
    later_revoked = replace(revoked, serial=later.serial, digest=later.digest)
    assert standing(own, [own], "approved") is Standing.CURRENT
    assert standing(own, [own, later], "approved") is Standing.SUPERSEDED
    assert standing(later, [own, later], "approved") is Standing.CURRENT
    assert standing(own, [own, later_revoked], "approved") is Standing.CURRENT
    assert standing(own, [own], "") is Standing.OUTDATED
    assert standing(revoked, [revoked, later], "approved") is Standing.REVOKED


def test_two_documents_of_one_instant_have_one_current_paper() -> None:
    first, second = issued(digest="a" * 64), issued(digest="b" * 64)
    both = [first, second]
    assert {standing(each, both, "approved") for each in both} == {
        Standing.CURRENT,
        Standing.SUPERSEDED,
    }


def test_the_basis_names_the_facts_that_a_paper_states() -> None:
    assert [kind_of(each) for each in (LETTER, MINUTES, ANNEX)] == list(IssuedKind)
    assert named(LETTER) == "selected"
    events = (decree(1, 2), amended(1, "SK-15/2018"))
    other = AnnexBasis(decree=record_after(*events).decree, cancelled=False)
    assert named(ANNEX) != named(other)
    assert named(other)
