"""Addresses that a cache could mistake for something public, or that lead out of a folder or to another site."""

import pytest

pytestmark = [pytest.mark.engine_free, pytest.mark.threat("T65")]

PRIVATE = {"no-store", "private"}


@pytest.mark.parametrize(
    "added",
    [
        "x.css",
        "x.js",
        "logo.png",
        "%2fx.css",
        "%0a",
        ";x.css",
        "%3bx.css",
        "/",
        "%2e%2e/",
        "%20",
        "static/x.css",
    ],
)
def test_nothing_is_added_to_a_private_page(okafors_browser, biology, added):
    """Asking for a style sheet below the address of a class must not return the class."""
    for path in (f"{biology.path}{added}", f"{biology.path}{added}/"):
        answer = okafors_browser.get(path, follow=True)
        assert answer.status_code == 404
        assert set(answer["Cache-Control"].split(", ")) >= PRIVATE


@pytest.mark.parametrize("asked", ["?x.css", "?a=1&a=2;b=3", "?page=1;page=2", "?utm_source=x"])
def test_a_cloaked_parameter_changes_nothing_about_who_may_keep_the_page(okafors_browser, biology, asked):
    answer = okafors_browser.get(f"{biology.path}{asked}")

    assert set(answer["Cache-Control"].split(", ")) >= PRIVATE


@pytest.mark.threat("T51")
@pytest.mark.parametrize("start", ["//", "///", "/\\", "/\t/", "//evil.example/", "/.//", "\\\\"])
def test_a_missing_slash_leads_to_no_other_site(okafors_browser, biology, start):
    for rest in ("evil.example", "accounts/login", biology.path.strip("/")):
        answer = okafors_browser.get("/", PATH_INFO=f"{start}{rest}")
        assert answer.status_code in (301, 404)
        assert not answer.get("Location", "/ours").startswith(("//", "/\\", "http")), rest


@pytest.mark.parametrize(
    "path",
    [
        "../config/settings.py",
        "%2e%2e/manage.py",
        "..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "%00",
        "..\\manage.py",
    ],
)
def test_only_static_files_are_static(okafors_browser, path):
    assert okafors_browser.get(f"/static/{path}").status_code in (400, 404)
