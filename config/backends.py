"""Options for the databases, the cache of the rate limits, and the brokers.

Each has timeouts, so that the rest of the site keeps working when one of them hangs (F10–F18).
"""

SQLITE = {
    "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN; DEFERRED would fail in the middle of a transaction
    "timeout": 20,  # seconds that a writer waits
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
# PostgreSQL waits for a locked row in two steps, and lock_timeout starts again for the second. So the longest wait is
# twice this, 3 seconds (F15).
LOCK_TIMEOUT = 1500  # milliseconds
# A connection prepares a statement when it has sent it so often. Once PostgreSQL has planned a prepared statement five
# times, it may keep the plan.
PREPARE_AFTER = 1
POSTGRES = {
    "connect_timeout": 3,  # seconds; the timeouts in the next line are milliseconds
    "server_side_binding": True,  # values travel apart from the SQL, as prepared statements demand
    "options": f"-c statement_timeout=5000 -c lock_timeout={LOCK_TIMEOUT} -c idle_in_transaction_session_timeout=10000",
}
REDIS = {
    "socket_timeout": 1,  # seconds
    "socket_connect_timeout": 1,  # seconds
    "visibility_timeout": 600,  # seconds; then a task that a worker fetched and never started goes to another worker
}
RATE_LIMIT_CACHE = {
    "BACKEND": "config.rate_limit_cache.RateLimitCache",
    "LOCATION": "cache",
    # With Django's default of 300, an attacker could get a victim's count of failures deleted by adding others (T55).
    "OPTIONS": {"MAX_ENTRIES": 50_000},
}


def database(from_url, file, prepares=True):
    """Return an entry of DATABASES: `from_url` with our options added, or without it the SQLite database in `file`.

    `prepares` is whether PostgreSQL may keep statements and their plans for a connection (ADR 29).
    """
    found = from_url or {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    if found["ENGINE"].endswith("sqlite3"):
        # The connection stays open, because closing the last one deletes the journal, and on a full disk nobody could
        # open the database again (F20).
        return found | {"CONN_MAX_AGE": None, "OPTIONS": SQLITE}
    options = POSTGRES | {"prepare_threshold": PREPARE_AFTER if prepares else None}
    options |= found.get("OPTIONS", {})  # DATABASE_URL may add options such as sslmode
    return found | {
        # Seconds. A new connection prepares and plans each statement anew, and keeps a plan only from the seventh time.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Such a cursor may outlive its transaction, and a pooler gives the next transaction a different connection
        # (bench/README.md).
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
        "LOCK_TIMEOUT": LOCK_TIMEOUT,  # Django doesn't know this one; classroom/models/lock_wait.py reads it
    }


def file_broker(folder):
    """Return the transport options of a broker that needs no server: its messages are files in `folder`."""
    folder.mkdir(exist_ok=True)
    folders = dict.fromkeys(["data_folder_in", "data_folder_out", "control_folder"], str(folder))
    return folders | {"polling_interval": 0.2}  # seconds
