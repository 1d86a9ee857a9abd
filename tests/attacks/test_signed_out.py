"""What is there without a log-in is this, and nothing else."""

PUBLIC = {
    "/",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/privacy/",
    "/join/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/signup/student/",
    "/accounts/signup/teacher/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-KEY/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/KEY/",
    "/j/KEY/",
}


def test_only_these_pages_answer_somebody_unknown(everywhere, client, biology):
    """T13: no feed, no calendar, no picture and no file hangs on an address alone."""
    found = {
        path.replace(biology.join_url.key, "KEY")
        for path in everywhere
        if client.get(path).status_code == 200
    }

    assert found == PUBLIC
