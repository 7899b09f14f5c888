"""All figures that a process exposes at `/metrics`, each with its help text and its unit.

Names and labels are those of OpenTelemetry's semantic conventions in their Prometheus form where
such a figure exists there (`http_server_…`, `messaging_…`), and `kukm_…` for our own. Labels have
few values: a kind, a topic, a route's template, a code; never an id, never a path. A test compares
this module with `docs/metrics.md`, which says of every figure what is normal.

Counters and histograms are moved where things happen. The gauges are set for a scrape, by
`shared.service.readings`.
"""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# The time of a counter's first value would double the number of series.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no type here

FAST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SLOW_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200)
MESSAGES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000)
HTTP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The bounds that OpenTelemetry advises for requests."""
TOPIC = "messaging_destination_name"

# HTTP

HTTP_REQUESTS = Histogram(
    "http_server_request_duration_seconds",
    "Requests, and how long their answers took, by method, route template and status.",
    ("http_request_method", "http_route", "http_response_status_code"),
    unit="seconds",
    buckets=HTTP_SECONDS,
)
HTTP_ACTIVE = Gauge(
    "http_server_active_requests",
    "Requests that are being answered now.",
    ("http_request_method",),
    unit="requests",
)

HTTP_REFUSED = Counter(
    "kukm_http_refusals_total",
    "Connections and requests that were refused before any route, by code.",
    ("code",),
    unit="refusals",
)

# Commands

COMMANDS = Counter(
    "kukm_commands_total",
    "Commands by kind of aggregate and outcome: done, the code of a refusal, or failed.",
    ("kind", "outcome"),
    unit="commands",
)
COMMAND_RETRIES = Counter(
    "kukm_command_retries_total",
    "Groups of commands that were decided again, as the aggregate had changed in between.",
    ("kind",),
    unit="retries",
)
COMMANDS_WAITING = Gauge(
    "kukm_commands_waiting",
    "Commands that wait in this process behind others of the same aggregate.",
    ("kind",),
)
DEADLINES_OVERDUE = Gauge(
    "kukm_deadlines_overdue",
    "Deadlines that have come and whose command is not decided yet.",
    ("kind",),
)

# Jobs

JOBS_RUNNING = Gauge(
    "kukm_jobs_running",
    "Jobs that were asked for and have not ended.",
    ("kind",),
)
JOB_ROWS_LEFT = Gauge(
    "kukm_job_rows_left",
    "Rows of running jobs that are not done yet.",
    ("kind",),
)
JOB_ROWS = Counter(
    "kukm_job_rows_total",
    "Rows of jobs that this process has done, by outcome.",
    ("kind", "outcome"),
    unit="rows",
)
JOB_ROW_RETRIES = Counter(
    "kukm_job_row_retries_total",
    "Rows of jobs that were left to be done, as the error may pass.",
    ("kind",),
    unit="retries",
)

# The way out

EVENTS_PUBLISHED = Counter(
    "kukm_events_published_total",
    "Events that this process has published and archived.",
    ("kind",),
)
EVENTS_REPUBLISHED = Counter(
    "kukm_events_republished_total",
    "Events that this process has published and another had published and archived before.",
    ("kind",),
)
PUBLISH_FAILURES = Counter(
    "kukm_publish_failures_total",
    "Attempts to publish outboxes that failed; they are repeated.",
    ("kind",),
    unit="failures",
)
ARCHIVE_FAILURES = Counter(
    "kukm_archive_failures_total",
    "Transactions that failed to move published events to history; they are repeated.",
    ("kind",),
    unit="failures",
)
RELAYED = Gauge(
    "kukm_relay_aggregates",
    "Aggregates in this process's relay: woken, publishing, or published and not yet archived.",
    ("state",),
    unit="aggregates",
)
OUTBOX_WAITING = Gauge(
    "kukm_outbox_waiting_aggregates",
    "Aggregates with events in their outbox that are not published and archived yet.",
    ("kind",),
    unit="aggregates",
)
OUTBOX_OLDEST = Gauge(
    "kukm_outbox_oldest_age_seconds",
    "The age of the oldest event that waits in an outbox (of 1,000 outboxes at most); 0 for none.",
    ("kind",),
    unit="seconds",
)
SENT = Counter(
    "messaging_client_sent_messages_total",
    "Messages that the broker has acknowledged.",
    (TOPIC,),
    unit="messages",
)

# The way in

CONSUMED = Counter(
    "messaging_client_consumed_messages_total",
    "Messages that the worker has taken and committed, by topic.",
    (TOPIC,),
    unit="messages",
)
PROCESSED = Histogram(
    "messaging_process_duration_seconds",
    "How long a batch took, its reactions included; it counts once for each topic in it.",
    (TOPIC,),
    unit="seconds",
    buckets=FAST_SECONDS,
)
BATCH_MESSAGES = Histogram(
    "kukm_batch_messages",
    "The number of messages in a batch.",
    unit="messages",
    buckets=MESSAGES,
)
COMMIT_TO_VIEW = Histogram(
    "kukm_commit_to_view_seconds",
    "From an event's time until it is in the views here; each batch counts its oldest by topic.",
    (TOPIC,),
    unit="seconds",
    buckets=SLOW_SECONDS,
)
EVENTS_RECEIVED = Counter(
    "kukm_events_received_total",
    "Messages by outcome: applied, skipped, duplicates, passed-over, parked, unfollowed.",
    ("outcome",),
)
EVENTS_PARKED = Counter(
    "kukm_events_parked_total",
    "Events that this process has parked, by reason.",
    ("reason",),
)
OFFSETS_MISSING = Counter(
    "kukm_offsets_missing_total",
    "Gaps between offsets: the partition was read again from there.",
    (TOPIC,),
)
PARKED = Gauge(
    "kukm_parked_messages",
    "Messages that are parked now, by reason.",
    ("reason",),
    unit="messages",
)
LAG_EVENTS = Gauge(
    "kukm_consumer_lag_events",
    "Messages of a followed topic that the service has not applied yet.",
    (TOPIC,),
    unit="events",
)
LAG_SECONDS = Gauge(
    "kukm_consumer_lag_seconds",
    "The age of the oldest message of a followed topic that is not applied yet; 0 below a second.",
    (TOPIC,),
    unit="seconds",
)
REACTIONS_PENDING = Gauge(
    "kukm_reactions_pending_partitions",
    "Partitions whose reactions are not decided yet.",
    unit="partitions",
)
REBALANCES = Counter(
    "kukm_consumer_rebalances_total",
    "Changes of this worker's partitions: assigned, revoked, rejoined.",
    ("change",),
    unit="rebalances",
)
PARTITIONS = Gauge(
    "kukm_consumer_assigned_partitions",
    "Partitions that this worker has now.",
    unit="partitions",
)
WORKER_RETRIES = Counter(
    "kukm_worker_retries_total",
    "Steps of the worker that it had to repeat, by the class of the error.",
    ("error_type",),
    unit="retries",
)
WORKER_TURN = Gauge(
    "kukm_worker_turn_age_seconds",
    "How long ago the worker began a turn; 0 where none runs.",
    unit="seconds",
)
HANDED_OVER = Gauge(
    "kukm_worker_handed_over",
    "1 while this worker waits, as another version of the service takes the events.",
)

# The process and its servers

TRANSACTIONS = Counter(
    "kukm_database_transactions_total",
    "Transactions by outcome: committed, repeated (a conflict), aborted (its caller got an error).",
    ("outcome",),
    unit="transactions",
)
LOOP_LAG = Histogram(
    "kukm_event_loop_lag_seconds",
    "How much later than planned the event loop came to a timer.",
    unit="seconds",
    buckets=FAST_SECONDS,
)
SERVICE_INFO = Gauge(
    "kukm_service_info",
    "1; its labels name the release, the version of the projection, and the copy in use.",
    ("version", "projection_version", "generation"),
)
READING_OK = Gauge(
    "kukm_reading_ok",
    "1 if the last reading of this source's figures succeeded, 0 if it failed: they are old then.",
    ("source",),
)
READING_FAILURES = Counter(
    "kukm_reading_failures_total",
    "Readings of a source's figures that failed.",
    ("source",),
    unit="failures",
)
READ_AT = Gauge(
    "kukm_reading_timestamp_seconds",
    "When this source's figures were last read (Unix time).",
    ("source",),
    unit="seconds",
)
INVARIANT_VIOLATIONS = Gauge(
    "kukm_invariant_violations",
    "Records that break an invariant of money; always 0.",
    ("invariant",),
)
