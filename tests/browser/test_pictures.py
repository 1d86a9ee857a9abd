"""The pictures of the README, which bin/pictures takes."""

import re
import subprocess
from pathlib import Path

import pytest

LARGEST = 150_000  # bytes, so that the README opens fast also on a phone


def in_readme():
    return set(re.findall(r"docs/pictures/([\w-]+\.png)", Path("README.md").read_text()))


def test_the_readme_shows_every_picture_in_light_and_dark():
    stored = {path.name for path in Path("docs/pictures").iterdir()}

    assert in_readme() == stored
    assert stored == {
        f"{name}-{scheme}.png" for name in ("door", "board", "queue") for scheme in ("light", "dark")
    }


@pytest.mark.browser
def test_the_script_takes_them_and_each_is_small(tmp_path):
    subprocess.run(["bin/pictures", tmp_path], check=True)

    assert {path.name for path in tmp_path.iterdir()} == in_readme()
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size > LARGEST] == []
