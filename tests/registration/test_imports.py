"""The rules of an import: it is asked for, cancelled and finished; asking again takes it up."""

from dataclasses import replace

from services.registration.domain.imports.decider import (
    CancelImport,
    FinishImport,
    RequestImport,
    imports,
)
from shared.contracts.registration.imports import (
    ImportCancellationCode,
    ImportCancelled,
    ImportFinished,
    ImportRequested,
)
from shared.kernel.decider import Origin
from tests.given import given

REQUESTED = ImportRequested(rows=5, requested_by="tester", alias="p-tester")
CANCELLED = ImportCancelled(code=ImportCancellationCode.OTHER, cancelled_by="tester")
FINISHED = ImportFinished(registered=2, recognised=1, refused=1, malformed=1)
REQUEST = RequestImport(rows=5)
CANCEL = CancelImport(code=ImportCancellationCode.OTHER)
FINISH = FinishImport(
    run=1, outcomes={"REGISTERED": 2, "RECOGNISED": 1, "REFUSED": 1, "MALFORMED": 1, "WAITING": 0}
)


def test_an_import_is_asked_for() -> None:
    given(imports).when(REQUEST, alias="p-tester").then(REQUESTED)


def test_a_running_import_is_not_asked_for_twice() -> None:
    given(imports, REQUESTED).when(REQUEST).then()


def test_an_import_that_has_ended_is_taken_up_again() -> None:
    for end in (CANCELLED, FINISHED):
        given(imports, REQUESTED, end).when(REQUEST, alias="p-tester").then(REQUESTED)


def test_each_request_is_a_run_of_its_own() -> None:
    state = given(imports, REQUESTED, FINISHED, REQUESTED).state
    assert (state.status, state.run, state.requested_by) == ("RUNNING", 2, "tester")


def test_a_running_import_is_cancelled_once() -> None:
    given(imports, REQUESTED).when(CANCEL).then(CANCELLED)
    given(imports, REQUESTED, CANCELLED).when(CANCEL).then()


def test_a_finished_or_unknown_import_is_not_cancelled() -> None:
    given(imports, REQUESTED, FINISHED).when(CANCEL).refused("import-finished")
    given(imports).when(CANCEL).refused("not-found")


def test_a_worker_that_stood_still_finishes_no_later_run() -> None:
    again = (REQUESTED, CANCELLED, REQUESTED)
    given(imports, *again).when(FINISH, origin=Origin.SWEEP).then()
    given(imports, *again).when(replace(FINISH, run=2), origin=Origin.SWEEP).then(FINISHED)


def test_its_job_finishes_it_once() -> None:
    given(imports, REQUESTED).when(FINISH, origin=Origin.SWEEP).then(FINISHED)
    given(imports, REQUESTED, FINISHED).when(FINISH, origin=Origin.SWEEP).then()
    given(imports, REQUESTED, CANCELLED).when(FINISH, origin=Origin.SWEEP).then()
    given(imports).when(FINISH, origin=Origin.SWEEP).then()
