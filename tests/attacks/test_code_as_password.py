"""A Code opens a class and nothing else."""

import pytest
from django.contrib.auth import get_user

from tests.factories import PASSWORD

pytestmark = [pytest.mark.engine_free, pytest.mark.threat("T32")]

NEW = "another four plain words"


@pytest.mark.parametrize("login", ["okafor", "okafor@school.example", "amara", "the Code"])
def test_nobody_logs_in_with_a_code(client, biology, biology_code, amara, login):
    for typed in (biology_code().code, biology_code().in_threes):
        name = typed if login == "the Code" else login
        for fields in ({"login": name, "password": typed}, {"login": name, "password": typed, "code": typed}):
            assert client.post("/accounts/login/", fields).status_code in (422, 429)
            assert not get_user(client).is_authenticated


def test_nobody_gets_a_new_password_by_a_code(client, biology, biology_code, ms_okafor, sign_in):
    code = biology_code().code
    new = {"password1": NEW, "password2": NEW}

    answer = sign_in(ms_okafor).post("/accounts/password/change/", new | {"oldpassword": code})
    client.post(f"/accounts/password/reset/key/1-{code}/", new)

    ms_okafor.refresh_from_db()
    assert answer.status_code == 422
    assert ms_okafor.check_password(PASSWORD)


def test_a_code_proves_nobody_to_be_still_there(biology, biology_code, ms_okafor, sign_in):
    answer = sign_in(ms_okafor).post("/accounts/reauthenticate/", {"password": biology_code().code})

    assert answer.status_code == 422
