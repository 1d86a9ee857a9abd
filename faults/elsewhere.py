"""Processes that know something else than the others: another clock, another key, other settings."""

from contextlib import contextmanager

from tests.deployed.school import until


@contextmanager
def knowing(school, **environ):
    """What is started in the block has this in its environment, too."""
    before, school.environ = school.environ, school.environ | environ
    try:
        yield
    finally:
        school.environ = before


def again(premises, *names, **environ):
    """Start these anew, knowing `environ`; premises.mend() leaves them as they are, so call this again at the end."""
    for name in names:
        premises.school.stop(name)
    with knowing(premises.school, **environ):
        for name in names:
            premises.start(name)
    for name in set(names) & set(premises.ports):
        until(lambda name=name: premises.school.is_ready(name, premises.ports[name]))
