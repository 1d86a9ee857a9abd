"""What the documents mention exists, and what exists is mentioned."""

import re
import subprocess
import sys
from enum import Enum
from itertools import count
from operator import attrgetter
from pathlib import Path
from pkgutil import resolve_name
from types import FunctionType

from django.apps import apps
from django.conf import settings

from accounts.compiled import CompiledQuery
from tests.test_architecture import APPS
from tests.test_linear import modules

PAPERS = [*Path().glob("*.md"), *Path("docs").rglob("*.md"), *Path("bench").glob("*.md")]
DECISIONS = sorted(Path("docs/adr").glob("0*.md"))
ARCHITECTURE = Path("docs/architecture.md").read_text()
TOLD = "\n".join(path.read_text() for path in PAPERS)


def headings(paper):
    """Return the anchors that GitHub makes of the headings: "Both databases" can be linked as #both-databases."""
    titles = re.findall(r"^#+ (.*)", paper.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere():
    for paper in PAPERS:
        for path, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)", paper.read_text()):
            page = paper.parent / path if path else paper
            assert page.exists(), (paper, path)
            assert not anchor or anchor in headings(page), (paper, path, anchor)


def test_the_readme_shows_every_picture_in_light_and_dark():
    stored = {path.name for path in Path("docs/pictures").iterdir()}

    assert set(re.findall(r"docs/pictures/([\w-]+\.png)", Path("README.md").read_text())) == stored
    assert stored == {
        f"{name}-{scheme}.png" for name in ("door", "board", "queue") for scheme in ("light", "dark")
    }


def test_every_path_that_is_named_exists():
    folders = {path.name for path in Path().iterdir() if path.is_dir()} - {"var"}
    for paper in set(PAPERS) - {*DECISIONS, Path("CHANGELOG.md")}:  # which also tell of what has gone
        named = {word for code in re.findall(r"`([^`]+)`", paper.read_text()) for word in code.split()}
        paths = [
            word for word in named if word.partition("/")[0] in folders and "/" in word and "<" not in word
        ]
        assert [path for path in paths if not Path(path).exists()] == [], paper


def test_every_page_of_the_docs_is_to_be_found_from_the_front():
    doors = Path("README.md").read_text() + Path("CONTRIBUTING.md").read_text()

    assert [path.name for path in Path("docs").glob("*.md") if f"docs/{path.name}" not in doors] == []


def test_every_page_says_first_what_it_is_good_for():
    pages = [path for path in PAPERS if path not in DECISIONS]

    assert [
        str(path) for path in pages if not path.read_text().split("\n\n")[1].startswith("After this page")
    ] == []


def test_decisions_are_numbered_and_listed_by_their_titles():
    titles = [path.read_text().splitlines()[0].removeprefix("# ") for path in DECISIONS]
    index = Path("docs/adr/README.md").read_text().splitlines()
    listed = [re.sub(r"\[(.*)\]\(.*\)", r"\1", line) for line in index if line[:1].isdigit()]

    assert titles == listed
    for number, path, title in zip(count(1), DECISIONS, titles, strict=False):
        assert path.name.startswith(f"{number:04}-")
        assert title.startswith(f"{number}. ")


def test_every_decision_says_what_was_turned_down_and_what_follows():
    parts = ["## Context", "## Decision", "## Turned down", "## Consequences"]
    for path in DECISIONS:
        assert re.findall(r"^## .+", path.read_text(), re.MULTILINE) == parts, path


def test_every_decision_that_is_cited_exists():
    code = "\n".join(path.read_text() for app in APPS for path in Path(app).rglob("*.py"))
    cited = {int(number) for number in re.findall(r"\bADR (\d+)", TOLD + code)}

    assert cited <= set(range(1, len(DECISIONS) + 1))
    assert len(cited) >= 3


def test_every_script_and_command_is_told_of():
    scripts = [f"bin/{path.name}" for path in Path("bin").iterdir() if not path.name.startswith("_")]
    commands = [path.stem for path in Path().glob("*/management/commands/*.py") if path.stem != "__init__"]

    assert [name for name in scripts + commands if name not in TOLD] == []


def test_every_task_that_beat_starts_is_told_of():
    starts = [line["task"].rpartition(".")[2] for line in settings.CELERY_BEAT_SCHEDULE.values()]

    assert [task for task in starts if f"`{task}`" not in ARCHITECTURE] == []


def test_the_picture_of_the_layers_is_that_of_the_imports():
    drawn = subprocess.run([sys.executable, "bin/layers"], capture_output=True, text=True, check=True).stdout
    picture = re.search(r"<!-- layers.*?```\n(.*?)```", ARCHITECTURE, re.DOTALL)[1]

    assert picture == drawn, "Paste the output of bin/layers into docs/architecture.md."


def test_every_function_on_a_walk_through_the_code_exists():
    walks = re.search(r"^## Walks.*?(?=^## )", ARCHITECTURE, re.DOTALL | re.MULTILINE)[0]
    steps = re.findall(r"^\d+\. .*", walks, re.MULTILINE)

    assert [step for step in steps if not re.match(r"\d+\. `\w+\.[\w.]+`", step)] == []
    for name in re.findall(r"`(\w+\.[\w.]+)`", walks):
        found = resolve_name(name)
        assert callable(found) or isinstance(found, property | CompiledQuery), name


def test_every_file_that_a_change_touches_has_what_it_is_named_for():
    change = ARCHITECTURE.partition("## What a change touches")[2]
    named = re.findall(r"`([\w/.-]+/[\w.-]+)`\s+\((?:beside )?((?:`\w+`(?:, )?)+)\)", change)

    assert len(named) >= 10
    for path, names in named:
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{name}\b", Path(path).read_text()), (path, name)


def test_everything_that_is_named_of_a_model_exists():
    models = {model.__name__: model for model in apps.get_models()}
    for paper in set(PAPERS) - {Path("CHANGELOG.md")}:
        for name, path in re.findall(r"`([A-Z]\w+)\.([a-z][\w.]*)", paper.read_text()):
            if name in models:
                assert attrgetter(path)(models[name]) is not None, (paper, name, path)


# What the packages' own documents don't promise: their inner modules, and names that begin with an underscore.
INSIDE = re.compile(
    r"^from (allauth[\w.]*\.internal|kombu\.transport|django\.db\.models\.sql|django\.utils\.html import .*urlizer)\b"
    r"|\bget_related_populators\b|\.(get_compiler|sql_with_params|klass_info)\b|\bheroicons\.zip\b",
    re.MULTILINE,
)


def overrides_a_private_method(module):
    classes = [found for found in vars(module).values() if issubclass(type(found), type)]
    ours = [found for found in classes if found.__module__ == module.__name__ and not issubclass(found, Enum)]
    return any(
        name in vars(parent)
        for found in ours
        for name, value in vars(found).items()
        if re.match("_[^_]", name) and isinstance(value, FunctionType)
        for parent in found.__mro__[1:]
        if parent.__module__.partition(".")[0] not in [*APPS, "config"]
    )


def test_every_file_that_leans_on_the_inside_of_a_package_is_told_of():
    leaning = {
        str(Path(module.__file__).relative_to(Path.cwd()))
        for module in modules()
        if INSIDE.search(Path(module.__file__).read_text()) or overrides_a_private_method(module)
    }
    told = Path("CONTRIBUTING.md").read_text().rpartition("Some files lean")[2]

    assert set(re.findall(r"`([\w/]+\.py)`", told)) == leaning
