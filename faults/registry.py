"""The faults that can be injected, by their row. A file in faults/cases/ adds its own by @fault."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from faults import cases
from faults.premises import Premises

FAULTS = {}


@dataclass(frozen=True)
class Fault:
    number: str
    name: str
    play: object  # called once a round, with a Scene
    rounds: int
    premises: type  # where it happens; those of one kind share one


def fault(number, name, rounds=2, premises=Premises):
    """@fault("F12", "PostgreSQL stopped in mid-request"): the function plays one round of it in a Scene."""

    def note(play):
        assert number not in FAULTS, number
        FAULTS[number] = Fault(number, name, play, rounds, premises)
        return play

    return note


def all_faults():
    """Every fault, in the order of its row."""
    for module in iter_modules(cases.__path__):
        import_module(f"{cases.__name__}.{module.name}")
    return dict(sorted(FAULTS.items()))
