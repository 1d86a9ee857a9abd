"""How databases, counts and brokers are reached. The timeouts keep one stuck part from holding up all (F10–F18)."""

from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["filesystem"] = "config.file_broker:Transport"

SQLITE = {
    "transaction_mode": "IMMEDIATE",  # writers queue up, instead of failing half-way
    "timeout": 20,  # seconds in that queue
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
# PostgreSQL counts lock_timeout anew for each place in a row's queue, and there are two: 3 seconds at most (F15).
LOCK_TIMEOUT = 1500  # milliseconds
POSTGRES = {
    "connect_timeout": 3,  # seconds; the others are milliseconds
    "options": f"-c statement_timeout=5000 -c lock_timeout={LOCK_TIMEOUT} -c idle_in_transaction_session_timeout=10000",
}
REDIS = {
    "socket_timeout": 1,  # seconds
    "socket_connect_timeout": 1,  # seconds
    "visibility_timeout": 600,  # seconds until what a worker fetched and never began goes to another one
}
COUNTS = {
    "BACKEND": "config.rate_limit_cache.RateLimitCache",
    "LOCATION": "cache",
    # Django's own 300 would let an attacker push a victim's count of failures out with others (T55).
    "OPTIONS": {"MAX_ENTRIES": 50_000},
}


def database(from_url, file):
    """Complete what DATABASE_URL says, or describe the SQLite database in `file`."""
    found = from_url or {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    if found["ENGINE"].endswith("sqlite3"):
        # Opened once: the last to close it takes the journal away, and on a full disk nobody could open it again (F20).
        return found | {"CONN_MAX_AGE": None, "OPTIONS": SQLITE}
    options = POSTGRES | found.get("OPTIONS", {})  # such as sslmode
    return found | {
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,
        # They would outlive their transaction, and a pooler gives the next one another connection (bench/README.md).
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


def file_broker(folder):
    """Describe a broker that needs no server: messages are files in `folder`."""
    folder.mkdir(exist_ok=True)
    folders = dict.fromkeys(["data_folder_in", "data_folder_out", "control_folder"], str(folder))
    return folders | {"polling_interval": 0.2}  # seconds
