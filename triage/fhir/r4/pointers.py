"""Where the shipped schema is, and how it refers to its definitions."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).with_name("fhir.schema.json")

POINTER = "#/definitions/"

ANY_RESOURCE = "ResourceList"
"""The definition that stands for a resource of any type."""
