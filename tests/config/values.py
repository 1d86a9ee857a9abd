"""Values that settings must refuse, by the setting's name."""

KEY = "f3Kq-8sLw_Zt2Vb9Xy4Rm7Pd1Nh6Gc5Jk0Qa-uEoIiWsDfTgH+xY9"
POSTGRES = "postgres://homeroom@127.0.0.1/homeroom"


def words(text):
    """Values without spaces, as a list. POSTGRES stands for the address above."""
    return [word.replace("POSTGRES", POSTGRES) for word in text.split()]


NO_NUMBERS = ["-1", "many", "1.5", "1_000", "1e3", "٣٦٠٠", "9" * 20, "9" * 500, "3600 s", "0x10"]
NO_SECONDS = [*NO_NUMBERS, "0", "59", "2w", "14 days", "31622401"]
NO_COUNT = [*NO_NUMBERS, "0", "10001"]
NO_ADDRESS = [
    *words("""
        school.example :// https:// ftp://school.example https:school.example
        https:/school.example https://schule-käthe.example https://school..example
        https://-school.example https://school.example:0 https://school.example:
        https://school.example:99999 https://school.example:x https://[2001:db8::1
        https://999.1.1.1 https://127.1 https://0x7f.1 https://0.0.0.0
        https://school.example/%zz
    """),
    "https://school .example",
    "https://school.example\\x",
    f"https://{'a' * 64}.example",
    f"https://{'a.' * 124}example",  # 255 letters
    "https://" + "a" * 2000,
]
NO_KEY = [
    *[
        "k" * 49,
        "k" * 50,
        "secret" * 10,
        "change-me" * 7,
        "django-insecure-" + KEY,
        f"<{KEY}>",
        f"{KEY} {KEY}",
    ],
    'python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
    "fifty random characters of your own, at least",
]
# What no setting may be. There are many of these, so they run as forks of one process.
WRONG = {
    "SITE_URL": [
        *NO_ADDRESS,
        *words("""
        https://school.example/homeroom https://school.example?x=1 https://school.example?
        https://school.example#top https://anne@school.example https://anne:x@school.example
        https://sch_ool.example https://*.school.example https://.school.example
        https://school.example. https://https://school.example
        https://school.example,https://b.example https://[2001:db8::1] http://school
        http://school.local http://100.64.0.1 http://255.255.255.255 http://240.0.0.1
    """),
    ],
    "PRIVACY_NOTICE_URL": [
        *NO_ADDRESS,
        "http://school.example",
        "javascript:alert(1)",
        "https://anne@school.example",
    ],
    "SENTRY_DSN": [
        *NO_ADDRESS,
        *words("""
        https://sentry.example/1 https://key@sentry.example/ https://key@sentry.example/x
        https://key@sentry.example/1?x=1 https://a@b@sentry.example/1
    """),
        "https://k y@sentry.example/1",
    ],
    "DATABASE_URL": [
        *words("""
        homeroom /var/lib/homeroom.sqlite3 postgres:// postgres://127.0.0.1
        postgres:/127.0.0.1/homeroom postgis://127.0.0.1/homeroom mysql://127.0.0.1/homeroom
        http://127.0.0.1/homeroom POSTGRES?sslmod=require POSTGRES?sslmode=yes
        POSTGRES?sslmode= POSTGRES?SSLMODE=require POSTGRES?sslmode=require&sslmode=disable
        POSTGRES?sslmode POSTGRES? POSTGRES#x POSTGRES?options=-c%20search_path=x
        POSTGRES?connect_timeout=30 POSTGRES?CONN_MAX_AGE=0 POSTGRES?ATOMIC_REQUESTS=true
        POSTGRES?sslrootcert=/nowhere/ca.pem POSTGRES/public postgres://a:p@ss@db/homeroom
        postgres://a:p#ss@db/homeroom postgres://a:p?ss@db/homeroom
        postgres://a:p/ss@db/homeroom postgres://a:%zz@db/homeroom
        postgres://:pass@db/homeroom postgres://db:99999/homeroom postgres://db:0/homeroom
        postgres://db:x/homeroom postgres://db:/homeroom postgres://a,b/homeroom
        postgres://[::1/homeroom postgres://@/homeroom postgres://käthe@db/homeroom sqlite://
        sqlite:/// sqlite://:memory: sqlite:///:memory:/x sqlite://homeroom.sqlite3
        sqlite:////tmp sqlite:////tmp/ sqlite:////nowhere/homeroom.sqlite3 sqlite:////dev/null
        sqlite:////tmp/homeroom.sqlite3?timeout=3 sqlite:////etc/hostname/x
        postgres://homeroom:p@ss/word@host/name
    """),
        "postgres://db host/homeroom",
        "postgres://db/home room",
        f"postgres://127.0.0.1/{'x' * 64}",
    ],
    "REDIS_URL": [
        *words("""
        localhost redis:// redis:///0 http://localhost amqp://localhost unix:///run/redis.sock
        redis://localhost/zero redis://localhost/-1 redis://localhost/1/2
        redis://localhost/99999 redis://localhost:0/0 redis://localhost:99999/0
        redis://:p@ss@localhost/0 redis://localhost?db=1 redis://localhost/0?socket_timeout=1
        redis://localhost/0#x redis://redis: rediss://localhost/0?ssl_cert_reqs=maybe
        rediss://localhost/0?ssl_ca_certs=/nowhere/ca.pem redis://:pass/word@localhost:6379
    """),
        "redis://local host/0",
    ],
    "EMAIL_URL": [
        *words("""
        mail.school.example smtp:// smtp://:25 smtp:/// submission://mail.example
        consolemail:// smtp://schöne.example smtp://mail.example:0 smtp://mail.example:99999
        smtp://mail..example smtp://-mail.example smtp://1.2.3 smtp://a.example,b.example
        smtp://mail.example?timeout=3 smtp://mail.example?EMAIL_USE_TLS=true
        smtp://mail.example#x smtp+tls://a:p@ss@mail.example
        smtp+tls://a@school.example:pass@mail.example smtp+tls://a@mail.example
        smtp+tls://:pass@mail.example smtp+tls://a:@mail.example smtp+tls://a:%zz@mail.example
        smtp://mail.example:465 smtp+tls://mail.example:465 smtps://mail.example:587
        smtps://mail.example:25 smtp://mail.example/box
    """),
        "smtp://mail server.example",
    ],
    "DEFAULT_FROM_EMAIL": [
        *words("""
        Homeroom school.example homeroom@ @school.example a@b@school.example
        käthe@schule.example a@schöne.example a@-school.example
    """),
        "Homeroom <>",
        "Homeroom <homeroom>",
        "Homeroom homeroom@school.example",
        "Homeroom <homeroom@school.example",
        "homeroom@school .example",
        "a@school.example, b@school.example",
        "Homeroom, school <a@school.example>",
        "a" * 600 + "@school.example",
        "Homeroom <a@school.example>\nBcc: b@school.example",
    ],
    "TIME_ZONE": [
        "Europe/Atlantis",
        "europe/oslo",
        "GMT+1",
        "localtime",
        "Factory",
        "../../etc/passwd",
        "Oslo",
    ],
    "ALLOWED_HOSTS": [
        *words("""
        * *.school.example .school.example school.example,* school.example;localhost , [
        school.example/ https://school.example school.example:443
        school.example,sch_ool.example ['school.example'] school.example,::1
        school.example,[::1 school.example,käthe.example school.example,1.2.3 localhost
    """),
        "school.example,local host",
    ],
    "DEBUG": ["maybe", "yes", "1", "0", "on", "t", "express:*", "ture"],
    "ADMIN_OFF": ["maybe", "yes", "1", "on"],
    "PREPARED_STATEMENTS_OFF": ["maybe", "yes", "1", "on"],
    "SECRET_KEY": NO_KEY,
    "SECRET_KEY_FALLBACKS": [
        *NO_KEY,
        f"{KEY},",
        ",",
        f"{KEY},short",
        f"{KEY};{KEY[::-1]} "[:49],
        "k" * 50 + ",too short",
    ],
    "METRICS_TOKEN": ["short", "t" * 31, "t" * 32, f"{KEY} {KEY}", f"<{KEY}>", "ä" * 40],
    "PORT": [*NO_NUMBERS, "0", "65536", "tcp://10.0.0.4:8000", "8000,8001", "eight"],
    "WEB_CONCURRENCY": [*NO_NUMBERS, "two", "auto", "0", "101", "10000"],
    "TRUSTED_PROXIES": [*NO_NUMBERS, "true", "11", "100", "10.0.0.1", "*"],
    **dict.fromkeys(
        [
            "CODE_UNLOCKED_FOR",
            "WARN_BEFORE_LOCK",
            "ASK_AGAIN_AFTER",
            "ASK_AGAIN_AFTER_SECOND",
            "CLASS_LISTS_KEPT_FOR",
        ],
        NO_SECONDS,
    ),
    "DIGEST_EVERY": [*NO_NUMBERS, "0", "604801", "15 minutes"],
    "MOST_PENDING_IN_CLASS": NO_COUNT,
    "SCHOOL_YEAR": [
        "2026-2027",
        "2026-08-01",
        "2026-08-01/2026-08-01",
        "2026-08-01/2029-07-31",
        "2027-07-31/2026-08-01",
    ],
    "SCHOOL_NAME": ["x" * 101],
    "NEW_ACCOUNTS_QUOTA": [*NO_COUNT, "2", "101"],
    "MOST_PENDING_OF_PERSON": [*NO_COUNT, "1001"],
    "VAR_DIR": ["/proc/homeroom", "/dev/null", "/etc/hostname/x", "~/var", "$HOME/var", "pyproject.toml/var"],
    "DELETION_LIST": ["/etc", "/nowhere/list", "/dev/null", "~/list", "$HOME/list", "var"],
    "LOG_FORMAT": ["xml", "JSON", "lines"],
    "CONSENT_BASIS": ["x" * 501],
    "DJANGO_SETTINGS_MODULE": ["x", "config.setings", "homeroom.settings"],
}
