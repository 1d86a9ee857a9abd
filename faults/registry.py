"""All faults by their row. The files in faults/cases/ register theirs with @fault."""

from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
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
    least: int  # rounds that differ from each other, so as many are always played
    premises: type  # the site that it breaks; faults with the same class share one


def fault(number, name, rounds=2, premises=Premises, least=1):
    """Register the decorated function as a fault. It gets a Scene and plays one round in it."""

    def register(play):
        assert number not in FAULTS, number
        FAULTS[number] = Fault(number, name, play, rounds, least, premises)
        return play

    return register


def all_faults():
    """Return all faults, in the order of their rows."""
    for module in iter_modules(cases.__path__):
        import_module(f"{cases.__name__}.{module.name}")
    return dict(sorted(FAULTS.items()))


def by_premises(faults):
    """Group the faults by the site that they break: (its class, its faults)."""
    in_order = sorted(faults, key=lambda fault: fault.premises.__name__)
    return [(kind, list(group)) for kind, group in groupby(in_order, lambda fault: fault.premises)]


def deal(faults, sites):
    """Deal the faults to so many runs that play side by side.

    Those of the ordinary site are dealt in turn. The other sites have few, and take as long to start: all of one site
    go to the run that has the fewest.
    """
    groups = dict(by_premises(faults))
    ordinary = groups.pop(Premises, [])
    shares = [ordinary[first::sites] for first in range(sites)]
    for group in groups.values():
        min(shares, key=len).extend(group)
    return [share for share in shares if share]
