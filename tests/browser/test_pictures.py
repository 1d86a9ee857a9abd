"""The pictures of the README, which bin/pictures takes."""

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
LARGEST = 150_000  # bytes, so that the README opens fast also on a phone


def test_the_script_takes_them_and_each_is_small(tmp_path):
    subprocess.run(["bin/pictures", tmp_path], check=True)
    taken = list(tmp_path.iterdir())

    assert {path.name for path in taken} == {path.name for path in Path("docs/pictures").iterdir()}
    assert [path.name for path in taken if path.stat().st_size > LARGEST] == []
