"""The load promise about an attack: a thousand addresses guess Codes while a class signs up and joins (L6)."""

from accounts.models import User
from bench import crowds
from bench.crowds import in_order, spread
from bench.people import address
from bench.verdict import VISITORS, verdict, walk
from joins.models import Guess, KnownNetwork

PROMISED = 500  # wrong Codes a second
# Wrong Codes a second that are sent here: as many as two cores can answer beside the load tool and the school's visits.
A_SECOND = 100


def attack(site, short):
    """Run the attack. Returns the rows of the table (L6). `short` scales its length; 1 means 20 seconds."""
    seconds = 20 * min(short, 3)
    guesses = crowds.guessing(spread(int(A_SECOND * seconds), seconds))
    KnownNetwork.objects.record(address(0))  # the school has used Homeroom before
    lessons = crowds.joining(spread(35, 5, seconds / 3))
    newcomers = crowds.signing_up(spread(35, seconds))
    found = walk(site, in_order(guesses, lessons, newcomers))
    how = f"{A_SECOND} wrong Codes a second for {seconds:.0f} s from 1,000 addresses"
    school = [measured for name, measured in found.items() if name != "guess"]
    return [
        verdict(
            "L6",
            "an attack beside a school: 35 join, p95 ≤ 1 s",
            how,
            found["join"],
            {0.95: 1000},
            school,
        ),
        verdict("L6", "35 sign up meanwhile: p95 ≤ 2 s", how, found["sign up"], {0.95: 2000}, school),
        ["L6", "nobody gets in by luck", how, f"{Guess.objects.count()} were counted", _held(guesses)],
        ["L6", f"{PROMISED} wrong Codes a second", "as fast as they come, alone", *_cost(site, seconds)],
    ]


def _held(guesses):
    """Return "kept" if no guess created an account and the number of counted guesses stayed within its limits.

    The limits are 300 for all unknown networks together and ten for each of the attacker's hundred accounts. A few more
    are allowed, because requests run at the same time.
    """
    names = [step["data"].get("username") for visit in guesses for step in visit["steps"]]
    made = User.objects.filter(username__in=filter(None, names)).exists()
    return "kept" if not made and Guess.objects.count() < 300 + 100 * 10 + VISITORS else "not kept"


def _cost(site, seconds):
    """Measure the CPU time of a refused guess. Returns it as text, and how many cores the promise needs."""
    before = site.spent()
    found = walk(site, crowds.guessing(spread(int(A_SECOND * seconds), 0.001)))["guess"]
    each = (sum(site.spent()) - sum(before)) / found.requests
    cores = each * PROMISED / 1000
    measured = f"{found.per_second:.0f} a second, {each:.1f} CPU-ms each: {cores:.1f} cores for {PROMISED}"
    return measured, f"needs {cores + 1:.0f} cores"
