"""What tests of the audit desk ask for: a desk with some decisions, which nobody tampers with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import MILD_ANSWERS
from tests.web.decision.desk import CLINICIAN, IN_CRISIS, Desk, desk_in

MEDIUM_RISK = {**MILD_ANSWERS, "thoughts_of_harm": "regular"}
"""Answers by which the shipped rules keep the route, and the rules of Rotherham do not."""

SOMEBODY = "9990000077"
"""The NHS number of whom nothing else is recorded."""


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service whose log holds two in crisis, two at medium risk, and four mild ones."""
    with desk_in(tmp_path_factory.mktemp("audit")) as desk:
        for answers in (IN_CRISIS, MILD_ANSWERS, MEDIUM_RISK, MILD_ANSWERS) * 2:
            last = desk.refer(answers=answers)
        desk.refer(
            patient={"nhs_number": SOMEBODY, "birth_date": "1990-01-01"},
            referrer={"ods_code": "C86009", "name": "Another surgery"},
        )
        told = {"route": "cmht", "urgency": "urgent", "reason": "risk_judgement"}
        browser = desk.browser(CLINICIAN)
        answer = browser.send(f"/decisions/{last}/override", **told, comment="Known to the team")
        assert answer.status_code == 303, answer.text
        yield desk
