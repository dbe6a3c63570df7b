"""What tests of reading ask for: the reader of the shipped words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message
from triage.fhir.reading import MessageReader, Read
from triage.rulebook import Rulebook

Sending = Callable[..., Read]


@pytest.fixture(scope="session")
def reader(rulebook: Rulebook) -> MessageReader:
    """A reader in the words of the shipped rulebook."""
    return MessageReader(rulebook.vocabulary)


@pytest.fixture
def sending(reader: MessageReader) -> Sending:
    """Reads a message of a practice that holds nothing but these resources and what is named."""

    def read(*resources: Resource, **parts: Any) -> Read:
        return reader.message(a_message({}, *resources, **parts)).read

    return read
