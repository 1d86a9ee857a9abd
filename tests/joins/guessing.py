"""People who guess Codes, and the networks that they do it from."""

from itertools import islice, product

from django.test import Client

from joins import codes, networks
from joins.models import Guess

SIGN_UP = "/accounts/signup/student/"
HOME, SCHOOL = "198.51.100.7", "192.0.2.1"  # one where nobody has joined, and one in which a class is taught
# The state after an hour of guessing from everywhere, in a country of schools. The SQL is PostgreSQL's.
MANY = [
    """
INSERT INTO joins_guess (session, network, wider, pooled, at)
SELECT 's' || n, 'n' || n, 'w' || n, n % 20 = 0, now() - n * interval '180 ms' FROM generate_series(1, 20000) n
""",
    """
INSERT INTO joins_knownnetwork (network, joined_at) SELECT 'n' || n, now() FROM generate_series(1, 20000) n
""",
    """
INSERT INTO joins_classnetwork (network, classroom_id, seen_at)
SELECT 'n' || n % 3000, id, now() FROM classroom_classroom, generate_series(1, 3) n
""",
]
TOO_MANY = "Too many wrong tries. Wait 10 minutes, then try again. Ask your teacher to show you the Code."
PAUSED = (
    "Codes don't work from here right now, because too many wrong ones are being tried: use the class's Join URL, or "
    "try from school."
)


def wrong_codes(how_many):
    """That many different, well-formed Codes of no class. None that is in use has such a run of one letter."""
    endings = islice(product(codes.ALPHABET, repeat=3), how_many)
    return [spelled("BDBDB" + "".join(ending)) for ending in endings]


def spelled(letters):
    return letters + codes.check_letter(letters)


def guessed_from_everywhere(how_many):
    """That many wrong Codes, each from another network from which nobody has joined."""
    guessed_from([f"10.0.{number // 250}.{number % 250}" for number in range(how_many)])


def guessed_from(addresses):
    """A wrong Code from each of these addresses. Only the last one is really typed."""
    *others, last = addresses
    places = [networks.of_address(address) for address in others]
    Guess.objects.bulk_create(
        Guess(session=network, network=network, wider=wider, from_unknown_network=True)
        for network, wider in places
    )
    assert sign_up(browser_at(last), wrong_codes(1)[0]).status_code == 422


def browser_at(address, user=None):
    browser = Client(REMOTE_ADDR=address)
    if user:
        browser.force_login(user)
    return browser


def newcomer(username, code):
    """What a student types at the sign-up."""
    names = {"first_name": "Robin", "last_name": "New", "username": username, "somebody_else": "Robin New"}
    return names | {"password1": "seven green apples", "code": code}


def join(browser, code):
    return browser.post("/join/", {"code": code})


def sign_up(browser, code, username="newcomer"):
    return browser.post(SIGN_UP, newcomer(username, code))
