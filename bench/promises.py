"""Tests the load promises L1 to L9 as they would happen at a school, but shorter.

`short` scales the length of each scenario: 1 is normal, 0.1 is for --smoke, and 10 is for --full. Each function returns
rows of the table of promises.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from django.db.models.functions import Now

from accounts.models import Digest, Notification
from bench import acts, crowds, load, tables
from bench.attack import attack
from bench.crowds import in_order, spread
from bench.people import classes
from bench.plans import statements_of
from bench.site import PRODUCT, running
from bench.turns import once
from bench.verdict import verdict, walk


def promises(arguments):
    short = 0.1 if arguments.smoke else 10 if arguments.full else 1
    rows = []
    with running(PRODUCT) as site:
        for scenario in [lesson, district, log_in_first, sign_up_wave, queue, attack]:
            rows += scenario(site, short)
            print("  " + " | ".join(rows[-1]), flush=True)
    rows += digests(short) + embedded(short)
    return tables.table(["", "promise", "here", "measured", "verdict"], rows)


def lesson(site, short):
    """35 people sign up within a minute; after that, 35 others join within five seconds (L1)."""
    signed_up = walk(site, crowds.signing_up(spread(35, 60 * min(short, 1))))
    joined = walk(site, crowds.joining(spread(35, 5)))
    return [
        verdict(
            "L1",
            "35 sign-ups with a Code in a minute, one address: p95 ≤ 2 s",
            f"in {60 * min(short, 1):.0f} s",
            signed_up["sign up"],
            {0.95: 2000},
            signed_up.values(),
        ),
        verdict("L1", "35 join in 5 s, one address: p95 ≤ 1 s", "as promised", joined["join"], {0.95: 1000}),
    ]


def district(site, short):
    """A whole district joins on a Monday (L2), while owners lock, unlock and reset their Codes (L7)."""
    calm, burst = 60 * short, 30 * min(short, 1)
    people = [*spread(int(25 * calm), calm), *spread(int(75 * burst), burst, calm)]
    managers = crowds.managing(spread(int(calm + burst), calm + burst))
    found = walk(site, in_order(crowds.joining(people, networks=40), managers))
    how = f"{calm:.0f} s at 25/s and {burst:.0f} s at 75/s, from 40 addresses, each with the page before the press"
    return [
        verdict(
            "L2",
            "a district on Monday: p95 ≤ 500 ms, p99 ≤ 1.5 s",
            how,
            found["join"],
            {0.95: 500, 0.99: 1500},
            found.values(),
        ),
        verdict(
            "L7", "lock, unlock, reset meanwhile: p99 ≤ 1 s", "one a second", found["code"], {0.99: 1000}
        ),
    ]


def log_in_first(site, short):
    """25 people log in every second (L3)."""
    seconds = 20 * min(short, 3)
    found = walk(site, crowds.logging_in(spread(int(25 * seconds), seconds), networks=40))
    return [
        verdict(
            "L3",
            "25 log in a second: p95 ≤ 1.5 s",
            f"for {seconds:.0f} s",
            found["log in"],
            {0.95: 1500},
            found.values(),
        )
    ]


def sign_up_wave(site, short):
    """25 people sign up every two seconds (L4)."""
    seconds = 20 * min(short, 3)
    found = walk(site, crowds.signing_up(spread(int(12.5 * seconds), seconds), networks=40))
    return [
        verdict(
            "L4",
            "12.5 sign up a second: p95 ≤ 2 s",
            f"for {seconds:.0f} s",
            found["sign up"],
            {0.95: 2000},
            found.values(),
        )
    ]


def queue(site, short):
    """A manager opens a queue of 500 requests and approves 200 of them with one press (L5)."""
    pages = load.run(acts.queue_page(100, pending=500), site.address, 1)["act"]
    statements = len(statements_of(once(acts.queue_page(1, pending=500)[0])))
    approved = load.run(acts.approve_many(10, at_once=200), site.address, 1)["act"]
    page = verdict(
        "L5", "queue of 500: page ≤ 300 ms, 15 statements", f"{statements} statements", pages, {0.95: 300}
    )
    return [page, verdict("L5", "approve 200 in one press ≤ 3 s", "10 presses", approved, {0.99: 3000})]


def digests(short):
    """A thousand requests lead to one digest mail for each class, not to a thousand mails (L8).

    People ask to join by the Join URL, because only requests notify the managers.
    """
    opened = classes(50)
    for classroom in opened:
        acts.waiting(classroom, 1)
    requests = 0
    for visit in acts.ask(int(1_000 * min(short, 1))):
        once(visit)()
        requests += 1
    Notification.objects.to_mail().update(mail_at=Now())
    before = Digest.objects.count()
    Digest.objects.gather()
    made = Digest.objects.count() - before
    told = f"{requests:,} requests at {acts.CLASSES} classes made {made} digests"
    return [
        [
            "L8",
            "a digest a class, not a mail a request",
            "all ask at the Join URL",
            told,
            "kept" if made <= acts.CLASSES else "not kept",
        ]
    ]


def embedded(short):
    """The site on SQLite and with one web process: 300 people join in ten minutes, then 35 in five seconds (L9)."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"DATABASE_URL": "", "REDIS_URL": "", "VAR_DIR": folder, "WEB_CONCURRENCY": "1"}
        command = [sys.executable, "-m", "bench.embedded", str(60 * min(short, 10))]
        made = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=True)
        with running(PRODUCT, **environ) as site:
            time.sleep(1)
            found = walk(site, json.loads(made.stdout))["join"]
            locked = site.log_text().count("locked")
    how = f"300 in {60 * min(short, 10):.0f} s, then 35 in 5 s"
    row = verdict("L9", "SQLite: 300 join in 10 min, 35 in 5 s, none 'locked'", how, found, {0.95: 1000})
    row[3] += f", {locked} × “locked” in the log"
    return [row if not locked else [*row[:4], "not kept"]]
