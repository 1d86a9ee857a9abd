"""docs/alerts.yml and docs/dashboard.json only use metrics that /metrics has, and use all of them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from config import metrics
from joins.throttle import MOST_OF_UNKNOWN_NETWORKS
from tests.config.test_metrics import BEARER, TOKEN

pytestmark = pytest.mark.engine_free

RULES = YAML(typ="safe").load(Path("docs/alerts.yml"))["groups"][0]["rules"]
PANELS = json.loads(Path("docs/dashboard.json").read_text())["panels"]
OF_PROMETHEUS = {"up"}
# A file broker has no server whose state could be asked for.
ONLY_WITH_REDIS = {"homeroom_broker_messages"}


@pytest.fixture
def metric_names(settings, client, db):
    """Prometheus's names for the metrics in /metrics: a counter and a histogram with their suffixes."""
    settings.METRICS_TOKEN = TOKEN
    metrics.count("GET", "joins:home", 200, 0.1)  # creates one of each
    metrics.count_failure(sender=None)
    metrics.ACTS.labels("join", "code").inc()
    text = client.get("/metrics", headers=BEARER).content.decode()
    samples = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    return {name for name in samples if name.startswith("homeroom_")} | ONLY_WITH_REDIS


def figures_in(expressions):
    return set(re.findall(r"\bhomeroom_\w+|\bup\b", " ".join(expressions)))


def of_panels():
    return figures_in(target["expr"] for panel in PANELS for target in panel["targets"])


def of_alerts():
    return figures_in(rule["expr"] for rule in RULES)


def test_every_figure_of_an_alert_and_of_a_panel_is_told(metric_names):
    assert len(RULES) > 9
    assert len(PANELS) > 9
    assert (of_alerts() | of_panels()) - metric_names <= OF_PROMETHEUS


def test_every_figure_that_is_told_is_on_the_dashboard_and_in_the_paper(metric_names):
    inner = re.compile(r"_(created|sum|count)$")  # of the same metric
    figures = {name for name in metric_names if not inner.search(name)}
    paper = Path("docs/operations.md").read_text()

    assert figures - of_panels() == set()
    assert [name for name in figures if re.sub("_(bucket|seconds)$", "", name) not in paper] == []


def test_codes_are_paused_where_the_alert_says_so():
    [expression] = [rule["expr"] for rule in RULES if rule["alert"] == "CodesPaused"]

    assert expression.endswith(f">= {MOST_OF_UNKNOWN_NETWORKS}")


def test_every_alert_says_what_to_do_and_has_a_severity_and_a_test():
    tested = re.findall(r"alertname: (\w+)", Path("docs/alerts.test.yml").read_text())

    for rule in RULES:
        assert set(rule["annotations"]) == {"summary", "what_to_do"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert tested.count(rule["alert"]) >= 2, rule["alert"]  # where all is well, and where it is not


@pytest.mark.promtool
@pytest.mark.parametrize("command", [["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]])
def test_prometheus_takes_the_rules_and_fires_each_when_it_should(command):
    ran = subprocess.run(["/usr/bin/promtool", *command], cwd="docs", capture_output=True, text=True)

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.promtool
def test_prometheus_takes_the_expression_of_every_panel(tmp_path):
    expressions = [target["expr"] for panel in PANELS for target in panel["targets"]]
    rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions)]
    (tmp_path / "panels.json").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    ran = subprocess.run(
        ["/usr/bin/promtool", "check", "rules", "panels.json"], cwd=tmp_path, capture_output=True, text=True
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
