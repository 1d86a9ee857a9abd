from django.db import OperationalError, connection


def test_alive_without_asking_the_database(client):
    assert client.get("/healthz").status_code == 200


def test_ready_says_each_part(client, db):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True})


def test_not_ready_without_the_database(client, monkeypatch):
    def gone():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", gone)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"] is False
