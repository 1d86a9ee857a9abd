"""Link previews, mail scanners, prefetching and unusual methods change nothing, at any address."""

import pytest

from tests.addresses import VISITORS
from tests.tables import tables

pytestmark = pytest.mark.engine_free


def test_the_list_of_addresses_is_the_whole(everywhere, biology, join_url, leo_waits):
    assert len(everywhere) > 45
    assert {"/", "/join/", join_url.path, f"{biology.path}code/reset/", "/accounts/login/"} <= set(everywhere)
    assert {f"/requests/{leo_waits.pk}/withdraw/", f"{biology.path}members/amara/remove/"} <= set(everywhere)


@pytest.mark.rule("J5")
@pytest.mark.threat("T36", "T37", "T40")
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("visitor", VISITORS)
def test_get_and_head_change_nothing_at_any_address(everywhere, browser_of, visitor, method):
    """It compares all rows of all tables, sessions included, before and after."""
    browser = browser_of(visitor)
    before = tables()

    statuses = {path: getattr(browser, method)(path).status_code for path in everywhere}

    assert tables() == before
    assert set(statuses.values()) <= {200, 301, 302, 403, 404, 405}
    assert statuses["/"] == 200


@pytest.mark.threat("T40", "T75")
@pytest.mark.parametrize("method", ["options", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("visitor", ["nobody", "ms_okafor"])
def test_every_other_method_is_405_at_every_address(everywhere, browser_of, visitor, method):
    browser = browser_of(visitor)
    before = tables()

    statuses = {getattr(browser, method)(path).status_code for path in everywhere}

    assert (statuses, tables() == before) == ({405}, True)
