"""A case for each alert: the series on which it fires, and those on which it is quiet.

Values are in promtool's notation, one a minute: `1+0x90` is 1 for 91 minutes, `0+6x90` grows by 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

BUDGET = 'service="budget"'
TOPIC = "kukm.selection.v1"
REQUESTS = "http_server_request_duration_seconds"
LAG = f'kukm_consumer_lag_seconds{{{BUDGET},messaging_destination_name="{TOPIC}"}}'
JOBS = f'kukm_jobs_running{{{BUDGET},kind="import"}}'
ROWS_LEFT = f'kukm_job_rows_left{{{BUDGET},kind="import"}}'
OUTBOX = f'kukm_outbox_oldest_age_seconds{{{BUDGET},kind="envelope"}}'
PENDING = f"kukm_reactions_pending_partitions{{{BUDGET}}}"
CONSUMED = f'messaging_client_consumed_messages_total{{{BUDGET},messaging_destination_name="t"}}'
TRANSACTIONS = f"kukm_database_transactions_total{{{BUDGET}"
INFO = "kukm_service_info"
Series = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """The alert's labels beside its severity, and its series; looked at after 85 minutes."""

    fires: Series
    quiet: Series
    labels: Mapping[str, str] = field(default_factory=lambda: {"service": "budget"})


def _labels(**further: str) -> dict[str, str]:
    return {"service": "budget", **further}


def _requests(status: str, per_minute: int) -> Series:
    labels = f'{BUDGET},http_route="/envelopes",http_response_status_code="{status}"'
    return {f"{REQUESTS}_count{{{labels}}}": f"0+{per_minute}x90"}


def _durations(series: str, per_minute_by_bound: Mapping[str, int], further: str = "") -> Series:
    return {
        f'{series}_bucket{{{BUDGET}{further},le="{bound}"}}': f"0+{number}x90"
        for bound, number in per_minute_by_bound.items()
    }


def _parked(reason: str, number: int) -> Series:
    return {f'kukm_parked_messages{{{BUDGET},reason="{reason}"}}': f"{number}+0x90"}


def _info(service: str, *components: str, version: str = "1") -> Series:
    labels = f'service="{service}",version="{version}",projection_version="1",generation="1"'
    of = components or ("api", "worker")
    return {f'{INFO}{{{labels},component="{component}"}}': "1+0x90" for component in of}


def _read(source: str, ok: Mapping[str, int]) -> Series:
    labels = f'{BUDGET},source="{source}"'
    return {
        f'kukm_reading_ok{{{labels},pod="{pod}"}}': f"{is_ok}+0x90" for pod, is_ok in ok.items()
    }


def _backup(cronjob: str, hours: int) -> Series:
    # promtool's time begins with 0.
    name = "kube_cronjob_status_last_successful_time"
    return {f'{name}{{cronjob="{cronjob}"}}': f"{hours * 3600}+0x90"}


OTHERS = _info("registration") | _info("selection") | _info("reporting")
POD = ',component="worker",pod="budget-worker-1"'

CASES = {
    "GelarServiceMissing": Case(
        labels=_labels(component="api"),
        fires=OTHERS | _info("budget", "worker"),
        quiet=OTHERS | _info("budget"),
    ),
    "GelarDatabaseAway": Case(
        fires=_read("database", {"a": 0, "b": 0}) | _read("kafka", {"a": 1, "b": 1}),
        quiet=_read("database", {"a": 0, "b": 1}),
    ),
    "GelarBackupOld": Case(
        labels={"cronjob": "budget-backup"},
        fires=_backup("budget-backup", -40) | _backup("nightly", -400),
        quiet=_backup("budget-backup", -20) | _backup("nightly", -400),
    ),
    "GelarRequestsFailing": Case(
        fires=_requests("200", 60) | _requests("503", 6),
        quiet=_requests("200", 60) | _requests("503", 2) | _requests("409", 30),
    ),
    "GelarOverloaded": Case(
        fires={f'kukm_http_refusals_total{{{BUDGET},code="too-many-requests"}}': "0+60x90"},
        quiet={f'kukm_http_refusals_total{{{BUDGET},code="headers-too-slow"}}': "0+60x90"},
    ),
    "GelarRequestsSlow": Case(
        fires=_requests("200", 60) | _durations(REQUESTS, {"1": 50, "5": 60, "+Inf": 60}),
        quiet=_requests("200", 60) | _durations(REQUESTS, {"1": 59, "5": 60, "+Inf": 60}),
    ),
    "GelarCommandsFailed": Case(
        labels=_labels(kind="envelope"),
        fires={f'kukm_commands_total{{{BUDGET},kind="envelope",outcome="failed"}}': "0x75 1x20"},
        quiet={
            f'kukm_commands_total{{{BUDGET},kind="envelope",outcome="failed"}}': "3+0x90",
            f'kukm_commands_total{{{BUDGET},kind="envelope",outcome="done"}}': "0+6x90",
        },
    ),
    "GelarCommandsWaiting": Case(
        fires={f'kukm_commands_waiting{{{BUDGET},kind="envelope"}}': "300+0x90"},
        quiet={f'kukm_commands_waiting{{{BUDGET},kind="envelope"}}': "30+0x90"},
    ),
    "GelarDeadlinesOverdue": Case(
        labels=_labels(kind="place"),
        fires={f'kukm_deadlines_overdue{{{BUDGET},kind="place"}}': "2+0x90"},
        quiet={f'kukm_deadlines_overdue{{{BUDGET},kind="place"}}': "0x82 2x8"},
    ),
    "GelarJobStuck": Case(
        labels=_labels(kind="import"),
        fires={JOBS: "1+0x90", ROWS_LEFT: "40+0x90"},
        quiet={JOBS: "1+0x90", ROWS_LEFT: "900-10x90"},
    ),
    "GelarOutboxOld": Case(fires={OUTBOX: "90+0x90"}, quiet={OUTBOX: "20+0x90"}),
    "GelarOutboxStuck": Case(fires={OUTBOX: "901+0x90"}, quiet={OUTBOX: "90+0x90"}),
    "GelarArchiveFailing": Case(
        fires={f'kukm_archive_failures_total{{{BUDGET},kind="envelope"}}': "0+1x90"},
        quiet={f'kukm_archive_failures_total{{{BUDGET},kind="envelope"}}': "7+0x90"},
    ),
    "GelarLagging": Case(
        labels=_labels(messaging_destination_name=TOPIC),
        fires={LAG: "130+0x90"},
        quiet={LAG: "0x80 130x10"},
    ),
    "GelarFarBehind": Case(
        labels=_labels(messaging_destination_name=TOPIC),
        fires={LAG: "2000+0x90"},
        quiet={LAG: "130+0x90"},
    ),
    "GelarNothingConsumed": Case(
        fires={f'kukm_consumer_assigned_partitions{{{BUDGET},pod="a"}}': "0+0x90"},
        quiet={
            f'kukm_consumer_assigned_partitions{{{BUDGET},pod="a"}}': "0+0x90",
            f'kukm_consumer_assigned_partitions{{{BUDGET},pod="b"}}': "12+0x90",
        },
    ),
    "GelarEventsParked": Case(
        labels=_labels(reason="bug"), fires=_parked("bug", 1), quiet=_parked("bug", 0)
    ),
    "GelarEventsMissing": Case(
        labels=_labels(reason="gap"), fires=_parked("gap", 1), quiet=_parked("bug", 1)
    ),
    "GelarReactionsPending": Case(
        fires={PENDING: "1+0x90", CONSUMED: "5+0x90"},
        quiet={PENDING: "1+0x90", CONSUMED: "0+60x90"},
    ),
    "GelarWorkerRetrying": Case(
        labels=_labels(error_type="AutoReconnect"),
        fires={f'kukm_worker_retries_total{{{BUDGET},error_type="AutoReconnect"}}': "0+6x90"},
        quiet={f'kukm_worker_retries_total{{{BUDGET},error_type="AutoReconnect"}}': "9+0x90"},
    ),
    "GelarRebalancing": Case(
        fires={f'kukm_consumer_rebalances_total{{{BUDGET},change="assigned"}}': "0+1x90"},
        quiet={f'kukm_consumer_rebalances_total{{{BUDGET},change="assigned"}}': "0x70 4x20"},
    ),
    "GelarWorkerHandedOver": Case(
        fires={f"kukm_worker_handed_over{{{BUDGET}}}": "1+0x90"},
        quiet={f"kukm_worker_handed_over{{{BUDGET}}}": "0x60 1x30"},
    ),
    "GelarVersionsMixed": Case(
        fires=OTHERS | _info("budget") | _info("budget", version="2"),
        quiet=OTHERS | _info("budget"),
    ),
    "GelarFiguresNotRead": Case(
        labels=_labels(source="database"),
        fires={f'kukm_reading_ok{{{BUDGET},source="database"}}': "0+0x90"},
        quiet={f'kukm_reading_ok{{{BUDGET},source="database"}}': "1+0x90"},
    ),
    "GelarTransactionsRepeating": Case(
        fires={
            f'{TRANSACTIONS},outcome="repeated"}}': "0+120x90",
            f'{TRANSACTIONS},outcome="committed"}}': "0+60x90",
        },
        quiet={
            f'{TRANSACTIONS},outcome="repeated"}}': "0+120x90",
            f'{TRANSACTIONS},outcome="committed"}}': "0+600x90",
        },
    ),
    "GelarEventLoopLate": Case(
        labels=_labels(component="worker", pod="budget-worker-1"),
        fires=_durations("kukm_event_loop_lag_seconds", {"0.5": 100, "1": 120, "+Inf": 120}, POD),
        quiet=_durations("kukm_event_loop_lag_seconds", {"0.5": 120, "1": 120, "+Inf": 120}, POD),
    ),
    "GelarMoneyInvariantBroken": Case(
        labels=_labels(invariant="envelope-above-pagu"),
        fires={f'kukm_invariant_violations{{{BUDGET},invariant="envelope-above-pagu"}}': "1+0x90"},
        quiet={f'kukm_invariant_violations{{{BUDGET},invariant="envelope-above-pagu"}}': "0+0x90"},
    ),
}
