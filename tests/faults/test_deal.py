"""How bin/faults deals its faults to runs that play side by side."""

import pytest

from faults import registry
from faults.premises import Premises


@pytest.fixture(scope="module")
def faults():
    return list(registry.all_faults().values())


@pytest.mark.parametrize("sites", [1, 4, 99])
def test_each_fault_is_played_once(faults, sites):
    dealt = [fault.number for share in registry.deal(faults, sites) for fault in share]

    assert sorted(dealt) == sorted(fault.number for fault in faults)


def test_only_the_ordinary_site_is_started_more_than_once(faults):
    shares = registry.deal(faults, 4)
    started = [kind for share in shares for kind in {fault.premises for fault in share}]

    assert len(shares) == started.count(Premises) == 4
    assert len(started) - 4 == len(set(started) - {Premises})


def test_no_run_is_left_without_a_fault(faults):
    """Without a row bin/faults would play all of them."""
    assert all(registry.deal(faults[:2], 4))
