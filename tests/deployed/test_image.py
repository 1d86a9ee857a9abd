"""What the image contains, and who owns it. test_production.py tries its commands."""

import pytest

from tests.deployed.container import Container, needs_the_image

pytestmark = [needs_the_image, pytest.mark.xdist_group("image")]


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    servers = {"DATABASE_URL": "", "REDIS_URL": "", "EMAIL_URL": ""}
    return Container(tmp_path_factory.mktemp("image"), **servers)


@pytest.mark.fault("F32")
def test_its_user_writes_its_volumes_and_nothing_of_the_site(container):
    assert container.does(["sh", "-c", 'test "$(id --user)" = 10001'])
    assert container.does(["sh", "-c", 'touch "$VAR_DIR/here" "$DELETION_LIST"'])
    for ours in ("manage.py", "config/settings.py", "staticfiles/staticfiles.json"):
        assert container.does(["test", "-r", ours])
        assert not container.does(["test", "-w", ours])


@pytest.mark.parametrize(
    "left",
    ["tests", "requirements/dev.txt", ".git", ".env", "var", "/tmp/build"],  # noqa: S108
)
def test_nothing_else_of_ours_and_no_key_is_in_it(container, left):
    assert not container.does(["test", "-e", left])


@pytest.mark.fault("F32")
def test_its_packages_are_whole_and_none_is_the_developers(container):
    assert container.does(["python", "-m", "pip", "check"])
    assert not container.does(["python", "-c", "import pytest"])
