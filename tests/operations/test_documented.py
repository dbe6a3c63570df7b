"""What the document of operations says is told is what is told."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from triage import metrics
from triage.logs import EVENTS

PAGE = (Path(__file__).parents[2] / "docs" / "deployment.md").read_text(encoding="utf-8")


def in_table(heading: str) -> set[str]:
    """The names in the first column of a table."""
    rows = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"\n\| ([^|]*)\|", rows))))


def test_every_event_is_documented() -> None:
    assert in_table("event") == EVENTS | {"library", "other"}


def test_every_figure_is_documented_with_its_labels() -> None:
    families = text_string_to_metric_families(metrics.exposition().decode())
    told = {one.name + ("_total" if one.type == "counter" else "") for one in families}
    assert in_table("metric") == {name for name in told if not name.endswith("_created")}
