"""bin/_venv creates the environments. Each holds what its lock names and nothing else, and no other folder is
touched."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

LOCK = re.compile(r"^([^\s#][^\\\n]*)", re.MULTILINE)
INSTALLED = """
from importlib.metadata import distributions
print(*sorted(f"{one.name.lower().replace('_', '-')}=={one.version}" for one in distributions()), sep="\\n")
"""


@pytest.fixture
def venv(tmp_path):
    """venv("none", "env") -> how it ended in a folder with an empty lock, `none`."""
    shutil.copytree("bin", tmp_path / "bin")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/none.txt").touch()

    def run(*arguments):
        command = ["bash", "-euc", '. bin/_venv; venv "$@"', "venv", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.fault("F32")
def test_productions_environment_holds_its_lock_and_nothing_of_the_developers():
    asked = [Requirement(line) for line in LOCK.findall(Path("requirements/base.txt").read_text())]
    pinned = {
        f"{one.name.lower()}{one.specifier}" for one in asked if not one.marker or one.marker.evaluate()
    }
    python = [".venv-base/bin/python", "-c", INSTALLED]
    output = subprocess.run(python, capture_output=True, text=True, check=True).stdout

    assert set(output.split()) == pinned


@pytest.mark.fault("F32")
def test_an_environment_is_kept_while_its_lock_is_the_same_and_then_made_anew(venv, tmp_path):
    assert venv("none", "env").returncode == 0
    left = tmp_path / "env/lib/left_over.py"
    left.touch()
    assert venv("none", "env").returncode == 0
    assert left.exists()

    (tmp_path / "requirements/none.txt").write_text("# another one\n")
    assert venv("none", "env").returncode == 0

    assert not left.exists()
    assert (tmp_path / "env/bin/python").exists()


def test_one_that_was_broken_off_is_made_anew(venv, tmp_path):
    venv("none", "env")
    (tmp_path / "env/lock").write_text("")
    (tmp_path / "env/bin/python").unlink()

    assert venv("none", "env").returncode == 0

    assert (tmp_path / "env/bin/python").exists()


@pytest.mark.parametrize("theirs", ["lock", "pyvenv.cfg", "letter.txt"])
def test_a_folder_that_it_has_not_made_is_left_alone(venv, tmp_path, theirs):
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / theirs).touch()

    ended = venv("none", "env")

    assert ended.returncode != 0
    assert ended.stderr == (
        "env is there, and not made by this script: give it another name, and run this again.\n"
    )
    assert [path.name for path in (tmp_path / "env").iterdir()] == [theirs]


@pytest.mark.parametrize("arguments", [[], ["none"], ["none", ""], ["", "env"]])
def test_nothing_is_done_without_a_lock_and_a_folder(venv, tmp_path, arguments):
    before = sorted(tmp_path.rglob("*"))

    assert "venv LOCK FOLDER" in venv(*arguments).stderr

    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_to_another_folder_is_replaced_and_what_it_leads_to_kept(venv, tmp_path):
    venv("none", "theirs")
    (tmp_path / "env").symlink_to("theirs")
    (tmp_path / "requirements/none.txt").write_text("# another one\n")

    assert venv("none", "env").returncode == 0

    assert (tmp_path / "theirs/bin/python").exists()
    assert not (tmp_path / "env").is_symlink()


def test_python_keeps_what_it_compiles_whatever_the_shell_says():
    """Otherwise each of some hundred processes compiles every module again."""
    asked = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    told = subprocess.run(
        ["bash", "-c", ". bin/_venv && env"], env=asked, capture_output=True, text=True, check=True
    )

    assert "PYTHONDONTWRITEBYTECODE" not in told.stdout
