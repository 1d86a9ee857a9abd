"""The admin's lists accept filters in the address. None of them may reveal more than the list shows."""

import pytest
from django.contrib import admin


@pytest.mark.threat("T07", "T26", "T59")
def test_no_list_of_the_admin_is_asked_what_it_does_not_show(rf):
    """By filtering letter by letter, an operator could spell out a Code, the link in a mail or a key."""
    for model, site in admin.site._registry.items():
        offered = {str(getattr(asked, "parameter_name", asked)) for asked in site.list_filter}
        offered |= {asked[0] for asked in site.list_filter if isinstance(asked, tuple)}
        for field in model._meta.concrete_fields:
            for lookup in (f"{field.name}__startswith", f"{field.name}__pk", f"{field.name}__code__gt"):
                allowed = site.lookup_allowed(lookup, "B", rf.get("/admin/"))
                assert allowed is (field.name in offered), (model, lookup)


@pytest.mark.threat("T07", "T26")
@pytest.mark.parametrize("asked", ["joins/joincode/?code", "classroom/event/?code", "accounts/letter/?text"])
def test_such_a_list_is_a_bad_request(operators_browser, biology, asked):
    assert operators_browser.get(f"/admin/{asked}__startswith=B").status_code == 400


def test_what_the_filters_offer_is_answered(operators_browser, biology):
    for asked in [
        "joins/joincode/?state=unlocked",
        "classroom/classroom/?state=current",
        "classroom/event/?kind__exact=open_class",
        "accounts/user/?account=open",
    ]:
        page = operators_browser.get(f"/admin/{asked}")
        assert page.context["cl"].result_count > 0, asked
