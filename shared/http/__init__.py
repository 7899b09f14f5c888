"""The HTTP side of a service: requests in, commands and queries out.

A service's routes import from here and from nowhere else in this room. Read `guards` for the
dependencies of routes, `responses` for answers, `problems` for errors, `app` for the composition.
"""

from shared.contracts.roles import Role
from shared.http import dossier_pass
from shared.http.app import create_app, create_operations_app
from shared.http.auth import Caller
from shared.http.guards import (
    RunningService,
    command,
    configured,
    only_own,
    query,
    recorded_query,
    running,
    upload,
)
from shared.http.lists import part_of, part_page, sorted_by
from shared.http.many import Result, Results, decide_each, require_distinct
from shared.http.paper_checks import checked_paper, paper_checks
from shared.http.responses import After, Limit, entity, page
from shared.http.routing import routes
from shared.http.tasks import (
    AskedTasks,
    Related,
    Task,
    TaskList,
    asked_tasks,
    list_tasks,
    permitted,
)
from shared.http.uploads import file_response, pdf_response, received_file

__all__ = [
    "After",
    "AskedTasks",
    "Caller",
    "Limit",
    "Related",
    "Result",
    "Results",
    "Role",
    "RunningService",
    "Task",
    "TaskList",
    "asked_tasks",
    "checked_paper",
    "command",
    "configured",
    "create_app",
    "create_operations_app",
    "decide_each",
    "dossier_pass",
    "entity",
    "file_response",
    "list_tasks",
    "only_own",
    "page",
    "paper_checks",
    "part_of",
    "part_page",
    "pdf_response",
    "permitted",
    "query",
    "received_file",
    "recorded_query",
    "require_distinct",
    "routes",
    "running",
    "sorted_by",
    "upload",
]
