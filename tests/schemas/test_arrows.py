"""Which way the arrows point, for the modules that others rely on to be light."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import schemas
import triage

SCHEMAS = Path(schemas.__file__ or "").parent
TRIAGE = Path(triage.__file__ or "").parent

OF_SCHEMAS = ("marshmallow", "schemas", "triage.domain", "triage.errors", "triage.nearest")
"""What a schema may import, beside the standard library."""

WITHOUT_FLASK = ("strict_json", "lax_json", "problem", "rulebook_data", "vocabulary_data")
"""Modules of the API that the command line uses too."""


def imports(module: Path) -> set[str]:
    """Every module that a file imports, by its whole name."""
    nodes = list(ast.walk(ast.parse(module.read_text())))
    plain = {name.name for one in nodes if isinstance(one, ast.Import) for name in one.names}
    return plain | {str(one.module) for one in nodes if isinstance(one, ast.ImportFrom)}


@pytest.mark.parametrize("module", sorted(SCHEMAS.glob("*.py")), ids=lambda one: one.stem)
def test_schemas_know_marshmallow_and_the_domain_alone(module: Path) -> None:
    ours = {
        name for name in imports(module) if name.split(".")[0] in ("triage", "schemas", "flask")
    }
    assert all(name.startswith(OF_SCHEMAS) for name in ours), ours


@pytest.mark.parametrize("name", WITHOUT_FLASK)
def test_what_the_command_line_uses_of_the_api_knows_no_flask(name: str) -> None:
    found = imports(TRIAGE / "api" / f"{name}.py")
    assert not any(one.startswith(("flask", "werkzeug")) for one in found)
