"""The routes of documents and files on real servers: uploads, readings, and who may do what."""

from hashlib import sha256
from typing import Any

import httpx

from shared.files.refusals import BYTES_MAX
from tests.files.examples import JPEG, PDF
from tests.registration.examples import EXHIBITION
from tests.registration.registry import (
    APPLICANT,
    APPLYING,
    AUDITOR,
    LICENCE,
    PROFILE,
    VERIFIER,
    Registry,
    place,
)
from tests.registration.test_dossier import pass_of, read
from tests.serving import code

DIGEST = sha256(PDF).hexdigest()


async def uploaded(registry: Registry, enterprise: str, content: bytes = PDF, **more: Any) -> str:
    """Upload a file of this enterprise, and return its id."""
    path = f"/enterprises/{enterprise}/files"
    answer = await registry.api.upload(APPLICANT, path, content, enterprise=enterprise, **more)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def filed(registry: Registry, enterprise: str, **more: Any) -> str:
    """File the licence with a file, and return the id of the document."""
    body = {**LICENCE, "file": await uploaded(registry, enterprise), **more}
    path = f"/enterprises/{enterprise}/documents"
    return await registry.done(APPLICANT, path, body, enterprise=enterprise)


async def test_a_file_is_uploaded_named_by_a_document_and_downloaded(registry: Registry) -> None:
    own = await registry.registered(0)
    path = f"/enterprises/{own}/files"
    answer = await registry.api.upload(APPLICANT, path, PDF, enterprise=own, key="k")
    again = await registry.api.upload(APPLICANT, path, PDF, enterprise=own, key="k")
    assert again.json() == answer.json()
    file = answer.json()
    assert (file["media_type"], file["length"], file["sha256"]) == (
        "application/pdf",
        len(PDF),
        DIGEST,
    )
    other = await registry.api.upload(APPLICANT, path, JPEG, enterprise=own, key="k")
    assert code(other) == (422, "idempotency-key-reused")
    body = {**LICENCE, "file": file["id"]}
    made = await registry.sends(
        APPLICANT, f"/enterprises/{own}/documents", body, enterprise=own, key="d"
    )
    assert made.status_code == 201
    document = f"/documents/{made.json()['id']}"
    assert made.headers["location"].endswith(document)
    await shown_to_those_who_may(registry, own, document)
    for message in await registry.published():
        assert DIGEST not in message
        assert file["id"] not in message


async def shown_to_those_who_may(registry: Registry, own: str, document: str) -> None:
    """Download the file in each role that may, and look at the readings."""
    for role, enterprise in ((APPLICANT, own), (VERIFIER, None), (AUDITOR, None)):
        download = await registry.api.query(role, f"{document}/file", enterprise=enterprise)
        assert (download.content, download.headers["content-type"]) == (PDF, "application/pdf")
        assert download.headers["content-disposition"].startswith("attachment;")
        assert download.headers["x-content-type-options"] == "nosniff"
        shown = await registry.gets(document, role, enterprise=enterprise)
        assert (shown["number"], shown["sha256"], shown["has_file"]) == (
            "IUMK-SECRET",
            DIGEST,
            True,
        )
    readings = (await registry.gets(f"{document}/readings"))["items"]
    assert [(each["role"], each["times"]) for each in readings] == [
        (AUDITOR, 1),
        (APPLICANT, 1),
        (VERIFIER, 1),
    ]
    hidden = await registry.gets(document, "ministry-system")
    assert (hidden["number"], hidden["sha256"], hidden["same_file"]) == (None, None, None)


async def test_a_file_is_refused_by_its_content_and_nothing_is_stored(registry: Registry) -> None:
    own = await registry.registered(0)
    stored = await registry.stored()
    path = f"/enterprises/{own}/files"

    async def sent(content: bytes, **more: Any) -> tuple[int, str]:
        return code(await registry.api.upload(APPLICANT, path, content, enterprise=own, **more))

    assert await sent(b"") == (422, "file-empty")
    assert await sent(b"MZ", media_type="application/pdf") == (415, "file-type-unknown")
    assert await sent(PDF + b"\n<script>") == (422, "file-has-more")
    assert await sent(PDF + b" " * BYTES_MAX) == (413, "file-too-large")
    assert await sent(b"{}", media_type="application/json") == (415, "unsupported-media-type")
    packed = {"content-encoding": "gzip"}
    compressed = await registry.sends(APPLICANT, path, {}, enterprise=own, headers=packed)
    assert code(compressed) == (415, "unsupported-content-encoding")
    command = await registry.api.upload(
        APPLICANT, f"/enterprises/{own}/documents", PDF, enterprise=own
    )
    assert code(command) == (415, "unsupported-media-type")
    unknown = await registry.api.upload(VERIFIER, "/enterprises/e-absent/files", PDF)
    assert code(unknown) == (409, "unknown-enterprise")
    assert await registry.stored() == stored


async def test_a_file_is_of_its_enterprise_alone(registry: Registry) -> None:
    own, other = await registry.registered(0), await registry.registered(1)
    file = await uploaded(registry, own)
    path = f"/enterprises/{other}/documents"
    stolen = await registry.sends(APPLICANT, path, {**LICENCE, "file": file}, enterprise=other)
    assert code(stolen) == (409, "unknown-file")
    foreign = await registry.api.upload(
        APPLICANT, f"/enterprises/{own}/files", PDF, enterprise=other
    )
    assert code(foreign) == (403, "another-enterprise")
    document = f"/documents/{await filed(registry, own)}"
    for address in (document, f"{document}/file"):
        answer = await registry.api.query(APPLICANT, address, enterprise=other)
        assert code(answer) == (404, "not-found")
    revocation = {"code": "other", "reason": "x"}
    refused = await registry.sends(
        APPLICANT, f"{document}/revocation", revocation, enterprise=other
    )
    assert code(refused) == (404, "not-found")
    assert code(await registry.api.query("curator", f"{document}/file")) == (403, "role-missing")
    bare = (await registry.gets(f"/enterprises/{own}/documents"))["items"]
    without = next(each for each in bare if not each["has_file"])
    missing = await registry.api.query(VERIFIER, f"/documents/{without['id']}/file")
    assert code(missing) == (404, "not-found")


async def test_the_same_file_of_another_enterprise_is_flagged(registry: Registry) -> None:
    own, other = await registry.registered(0), await registry.registered(1)
    first, second = await filed(registry, own), await filed(registry, other)
    await filed(registry, own)
    assert (await registry.gets(f"/documents/{first}", VERIFIER))["same_file"] == [second]
    seen = await registry.gets(f"/documents/{first}", APPLICANT, enterprise=own)
    assert seen["same_file"] is None


async def test_a_document_is_replaced_and_revoked(registry: Registry) -> None:
    own = await registry.registered(0)
    documents = f"/enterprises/{own}/documents"
    (old,) = (await registry.gets(documents))["items"]
    new = await filed(registry, own, replaces=old["id"])

    async def statuses() -> dict[str, str]:
        found = (await registry.gets(documents, APPLICANT, enterprise=own))["items"]
        return {each["id"]: each["status"] for each in found}

    assert await statuses() == {old["id"]: "SUPERSEDED", new: "FILED"}
    revocation = {"code": "filed-by-mistake", "reason": "of another company"}
    path = f"/documents/{new}/revocation"
    await registry.done(APPLICANT, path, revocation, enterprise=own)
    assert await statuses() == {old["id"]: "FILED", new: "REVOKED"}
    again = await registry.sends(APPLICANT, path, revocation, enterprise=own)
    assert code(again) == (409, "already-revoked")
    body = {**LICENCE, "replaces": "d-absent"}
    unknown = await registry.sends(APPLICANT, documents, body, enterprise=own)
    assert code(unknown) == (409, "unknown-document")


async def test_an_application_freezes_the_file_and_its_judges_read_it(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    document = await filed(registry, own)
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    dossier = await registry.gets(f"{place(own)}/dossier", VERIFIER)
    assert dossier["files"] == [document]
    path = f"{place(own)}/dossier/documents/{document}/file"
    download: httpx.Response = await registry.api.query(VERIFIER, path)
    assert download.content == PDF
    assert code(await registry.api.query("curator", path)) == (403, "pass-missing")
    later = await filed(registry, own)
    absent = await registry.api.query(VERIFIER, f"{place(own)}/dossier/documents/{later}/file")
    assert code(absent) == (404, "not-found")


async def test_a_curator_from_whom_names_are_hidden_sees_neither_name_nor_file(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.registered(0)
    document = await filed(registry, own)
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    path = f"{place(own)}/dossier"
    blind = pass_of(registry, "curator-1", f"{EXHIBITION}.{own}", names=False)
    shown = (await read(registry, "curator", path, blind)).json()
    assert (shown["name"], shown["files"], shown["capacity"]) == (None, [], 5)
    file = f"{path}/documents/{document}/file"
    assert code(await read(registry, "curator", file, blind)) == (403, "names-hidden")
    seeing = pass_of(registry, "curator-1", f"{EXHIBITION}.{own}")
    assert (await read(registry, "curator", file, seeing)).content == PDF


async def shows(registry: Registry, own: str, *files: str) -> httpx.Response:
    """Revise the profile of an enterprise, so that these are the photographs of its product."""
    path = f"/enterprises/{own}"
    body = {**PROFILE, "products": [{"name": "Batik", "photographs": files}]}
    etag = (await registry.api.query(APPLICANT, path, enterprise=own)).headers["etag"]
    return await registry.sends(
        APPLICANT,
        f"{path}/profile",
        body,
        enterprise=own,
        method="PUT",
        headers={"if-match": etag},
    )


async def test_a_photograph_of_a_product_is_shown_to_those_who_judge(registry: Registry) -> None:
    await registry.calling()
    own, other = await registry.registered(0), await registry.registered(1)
    picture, paper = await uploaded(registry, own, JPEG), await uploaded(registry, own)
    foreign = await uploaded(registry, other, JPEG)
    path = f"/enterprises/{own}"

    async def revised(*files: str) -> httpx.Response:
        return await shows(registry, own, *files)

    assert code(await revised(paper)) == (409, "no-picture")
    assert code(await revised(foreign)) == (409, "unknown-file")
    assert (await revised(picture)).is_success
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    given = pass_of(registry, "curator-1", f"{EXHIBITION}.{own}")
    dossier = f"{place(own)}/dossier"
    (product,) = (await read(registry, "curator", dossier, given)).json()["products"]
    assert product["photographs"] == [picture]
    shown = await read(registry, "curator", f"{dossier}/photographs/{picture}", given)
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")
    assert (await registry.api.query(VERIFIER, f"{path}/photographs/{picture}")).content == JPEG
    unshown = await read(registry, "curator", f"{dossier}/photographs/{paper}", given)
    assert code(unshown) == (404, "not-found")
    assert code(await read(registry, "curator", f"{dossier}/photographs/{picture}")) == (
        403,
        "pass-missing",
    )


async def test_a_photograph_with_a_name_is_hidden_like_the_name(registry: Registry) -> None:
    await registry.calling()
    own = await registry.registered(0)
    picture, signboard = await uploaded(registry, own, JPEG), await uploaded(registry, own, JPEG)
    assert (await shows(registry, own, picture, signboard)).is_success
    await registry.applies(APPLYING, own, {"enterprise": own, "capacity": 5})
    blind = pass_of(registry, "curator-1", f"{EXHIBITION}.{own}", names=False)
    dossier = f"{place(own)}/dossier"

    async def seen() -> list[str]:
        (product,) = (await read(registry, "curator", dossier, blind)).json()["products"]
        shown = []
        for file in (picture, signboard):
            answer = await read(registry, "curator", f"{dossier}/photographs/{file}", blind)
            if answer.is_success:
                assert answer.content == JPEG
                shown.append(file)
            else:
                assert code(answer) == (403, "names-hidden")
        assert product["photographs"] == shown
        return shown

    assert await seen() == []
    found = {"findings": [], "nameless_photographs": [picture], "reason": "no name shows"}
    await registry.done(VERIFIER, f"{place(own)}/findings", found)
    assert await seen() == [picture]
    strange = {**found, "nameless_photographs": ["another"]}
    refused = await registry.sends(VERIFIER, f"{place(own)}/findings", strange)
    assert code(refused) == (409, "photograph-unknown")
    assert (await registry.gets(place(own), VERIFIER))["nameless_photographs"] == [picture]
    none = {**found, "nameless_photographs": [], "reason": "mistaken"}
    await registry.done(VERIFIER, f"{place(own)}/findings", none)
    assert await seen() == []


async def test_a_document_that_was_revoked_counts_no_more_at_the_verification(
    registry: Registry,
) -> None:
    await registry.calling()
    own = await registry.submitted(0)
    (licence,) = (await registry.gets(f"/enterprises/{own}/documents"))["items"]
    finding = {"code": "not-genuine", "reason": "its number is of another company"}
    await registry.done(VERIFIER, f"/documents/{licence['id']}/revocation", finding)
    await registry.done(VERIFIER, f"{place(own)}/verification")
    application = await registry.gets(place(own))
    assert (application["status"], application["reasons"]) == ("INELIGIBLE", ["licence"])
