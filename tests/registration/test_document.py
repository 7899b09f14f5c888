"""The rules of a document: filed once, revoked, read, expired; and which documents count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.registration.domain.document.decider import (
    ExpireDocument,
    FileDocument,
    FilingFacts,
    ReadDocument,
    RevokeDocument,
    document,
    expiry,
    file_document,
)
from services.registration.domain.document.state import (
    Document,
    Status,
    counting,
    filers,
    frozen_documents,
    frozen_files,
    standing,
)
from services.registration.responses.document import document_response
from shared.contracts.registration.document import (
    DocumentExpired,
    DocumentKind,
    DocumentRead,
    DocumentRevoked,
    FrozenFile,
    RevocationCode,
)
from shared.kernel.decider import Origin
from tests.given import NOW, When, given
from tests.registration.examples import DOCUMENT, ENTERPRISE, FILED, IUMK, document_after

FILE = FileDocument(
    document_kind=DocumentKind.IUMK,
    issuer="Kecamatan Menteng",
    number="IUMK-7",
    issued_on=date(2017, 5, 2),
)
FACTS = FilingFacts(enterprise=ENTERPRISE, sha256="", replaced=None, documents=0, documents_max=3)
ENDING = FILED.model_copy(update={"expires_on": date(2018, 3, 31)})
OVER_AT = datetime(2018, 3, 31, 17, tzinfo=UTC)
"""The end of 31 March in Jakarta."""
MISTAKE = RevokeDocument(code=RevocationCode.FILED_BY_MISTAKE, reason="of another company")
REVOKED = DocumentRevoked(
    document=DOCUMENT,
    enterprise=ENTERPRISE,
    code=RevocationCode.FILED_BY_MISTAKE,
    reason="of another company",
    revoked_by="tester",
)
EXPIRED = DocumentExpired(document=DOCUMENT, enterprise=ENTERPRISE)


def filing(command: FileDocument = FILE, facts: FilingFacts = FACTS, **about: object) -> When:
    return given(document).when(command, rule=file_document, facts=facts, subject=DOCUMENT, **about)


def test_a_document_is_filed() -> None:
    filing(actor="clerk").then(FILED.model_copy(update={"filed_by": "clerk"}))


def test_a_document_is_filed_with_its_file_and_the_digest_of_its_bytes() -> None:
    (event,) = filing(replace(FILE, file="f-1"), replace(FACTS, sha256="ab" * 32)).events()
    state = document_after(event)
    assert (state.file, state.sha256) == ("f-1", "ab" * 32)
    for private in ("IUMK-7", "f-1", "ab" * 32, "tester"):
        assert private not in event.public_json()


def test_a_document_is_filed_once() -> None:
    again = given(document, FILED).when(FILE, rule=file_document, facts=FACTS, subject=DOCUMENT)
    again.refused("already-filed")


def test_an_enterprise_files_no_more_documents_than_it_may() -> None:
    assert len(filing(FILE, replace(FACTS, documents=2)).events()) == 1
    for filed in (3, 4):
        filing(FILE, replace(FACTS, documents=filed)).refused("too-many-documents")


def test_a_document_is_filed_once_it_has_been_issued() -> None:
    assert len(filing(replace(FILE, issued_on=NOW.date())).events()) == 1
    filing(replace(FILE, issued_on=NOW.date() + timedelta(days=1))).refused("issued-in-the-future")


def test_a_document_does_not_expire_before_it_is_issued() -> None:
    filing(replace(FILE, expires_on=date(2017, 5, 1))).refused("expires-before-issue")


def test_a_document_takes_the_place_of_one_of_its_kind_and_enterprise() -> None:
    renewal = replace(FILE, replaces="d-0")
    present = document_after(FILED)
    (event,) = filing(renewal, replace(FACTS, replaced=present)).events()
    assert document_after(event).replaces == "d-0"
    for other in (
        replace(present, document_kind=DocumentKind.NIB),
        replace(present, enterprise="e-2"),
    ):
        filing(renewal, replace(FACTS, replaced=other)).refused("replaces-another")
    revoked = replace(present, status=Status.REVOKED)
    filing(renewal, replace(FACTS, replaced=revoked)).refused("replaces-revoked")


def test_a_document_is_revoked_once() -> None:
    given(document, FILED).when(MISTAKE, subject=DOCUMENT).then(REVOKED)
    given(document, FILED, EXPIRED).when(MISTAKE, subject=DOCUMENT).then(REVOKED)
    given(document, FILED, REVOKED).when(MISTAKE, subject=DOCUMENT).refused("already-revoked")
    given(document).when(MISTAKE, subject=DOCUMENT).refused("not-found")


def test_only_an_officer_finds_that_a_document_is_not_genuine() -> None:
    command = replace(MISTAKE, code=RevocationCode.NOT_GENUINE)
    filed = given(document, FILED)
    filed.when(command, subject=DOCUMENT).refused("only-an-officer")
    officer = {"subject": DOCUMENT, "roles": frozenset({"verification-officer"})}
    assert len(filed.when(command, **officer).events()) == 1
    filed.when(command, enterprise=ENTERPRISE, **officer).refused("own-enterprise")


def test_a_document_expires_at_the_end_of_its_last_day() -> None:
    deadline = expiry(document_after(ENDING))
    assert deadline is not None
    assert (deadline.at, deadline.command) == (OVER_AT, ExpireDocument())
    sweep = {"subject": DOCUMENT, "origin": Origin.SWEEP}
    ending = given(document, ENDING)
    ending.when(ExpireDocument(), now=OVER_AT, **sweep).then(EXPIRED)
    ending.when(ExpireDocument(), now=OVER_AT - timedelta(seconds=1), **sweep).then()
    ending.when(ExpireDocument(), now=NOW, subject=DOCUMENT).refused("not-expired")
    assert expiry(document_after(FILED)) is None
    assert expiry(document_after(ENDING, EXPIRED)) is None
    assert expiry(document_after(ENDING, REVOKED)) is None
    last = FILED.model_copy(update={"expires_on": date.max})
    assert expiry(document_after(last)) is None


def test_each_reading_of_a_file_is_recorded() -> None:
    read = ReadDocument(role="curator", application="x.e-1")
    (event,) = given(document, FILED).when(read, subject=DOCUMENT, actor="c-1").events()
    assert isinstance(event, DocumentRead)
    assert event.private_actor
    for private in ("c-1", "curator", "x.e-1"):
        assert private not in event.public_json()
    later = event.model_copy(update={"read_at": NOW + timedelta(hours=1), "role": "auditor"})
    (readings,) = document_after(FILED, event, later).readers.values()
    assert (readings.role, readings.last_at, readings.times) == ("auditor", later.read_at, 2)


def test_an_application_freezes_what_counts() -> None:
    filed = document_after(FILED.model_copy(update={"filed_by": "clerk"}))
    scanned = replace(filed, file="f-1", sha256="ab" * 32, document_kind=DocumentKind.HALAL)
    documents = {DOCUMENT: filed, "d-0": scanned}
    first, second = frozen_documents(documents)
    assert (first.document, first.document_kind, second) == ("d-0", DocumentKind.HALAL, IUMK)
    assert frozen_files(documents) == (FrozenFile(document="d-0", file="f-1", sha256="ab" * 32),)
    assert filers(documents) == ("clerk",)


def test_a_successor_supersedes_until_it_is_revoked() -> None:
    old = document_after(FILED)
    new = replace(old, replaces="d-0")
    assert list(counting({"d-0": old, "d-1": new})) == ["d-1"]
    assert standing({"d-0": old, "d-1": new})["d-0"].status is Status.SUPERSEDED
    mistaken = replace(new, status=Status.REVOKED)
    assert list(counting({"d-0": old, "d-1": mistaken})) == ["d-0"]
    assert list(counting({"d-0": replace(old, status=Status.EXPIRED), "d-1": mistaken})) == []


STATES = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.tuples(
        st.sampled_from([Status.FILED, Status.REVOKED, Status.EXPIRED]),
        st.sampled_from([None, "a", "b", "c"]),
    ),
)


@for_all(STATES)
def test_what_counts_is_filed_and_has_no_successor(
    states: dict[str, tuple[Status, str | None]],
) -> None:
    filed = document_after(FILED)
    documents: dict[str, Document] = {
        id: replace(filed, status=status, replaces=replaces)
        for id, (status, replaces) in states.items()
    }
    expected = []
    for id, (status, _) in sorted(states.items()):
        successors = [
            each for each, (its, names) in states.items() if names == id and its != Status.REVOKED
        ]
        if status is Status.FILED and not successors:
            expected.append(id)
    assert list(counting(documents)) == expected


def test_a_response_has_the_number_for_some_readers() -> None:
    state = document_after(FILED, REVOKED)
    full = document_response(state, sees_private=True, same_file=("d-9",))
    bare = document_response(state, sees_private=False, same_file=None)
    assert (full.number, full.words, full.same_file) == ("IUMK-7", "of another company", ("d-9",))
    assert (bare.number, bare.words, bare.sha256, bare.same_file) == (None, None, None, None)
    assert bare.revoked_because is RevocationCode.FILED_BY_MISTAKE
