"""Pages are compressed, but their length reveals nothing."""

import gzip

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def test_a_page_is_compressed_for_a_browser_that_can_read_it(client):
    plain = client.get("/")
    sent = client.get("/", headers={"Accept-Encoding": "gzip, deflate, br"})

    assert (plain.headers.get("Content-Encoding"), sent.headers["Content-Encoding"]) == (None, "gzip")
    assert len(sent.content) < len(plain.content) / 2
    assert b"<title>" in gzip.decompress(sent.content)


def test_its_length_differs_from_answer_to_answer(client):
    """Somebody who watches the connection and sends guesses learns nothing from the length (BREACH)."""
    sent = [client.get("/", headers={"Accept-Encoding": "gzip"}).content for _ in range(20)]

    assert len({len(content) for content in sent}) > 5
