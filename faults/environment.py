"""Starts processes with other environment variables than the rest: another clock, another key, other settings."""

from contextlib import contextmanager

from tests.deployed.school import until


@contextmanager
def extra_environment(school, **environ):
    """Processes that are started in the block have these variables as well."""
    before, school.environ = school.environ, school.environ | environ
    try:
        yield
    finally:
        school.environ = before


def restart(premises, *names, **environ):
    """Restart these processes with `environ` added to their environment.

    premises.repair() does not restart them. So call this once more at the end of a fault, without `environ`.
    """
    for name in names:
        premises.school.stop(name)
    with extra_environment(premises.school, **environ):
        for name in names:
            premises.start(name)
    for name in set(names) & set(premises.ports):
        until(lambda name=name: premises.school.is_ready(name, premises.ports[name]))
