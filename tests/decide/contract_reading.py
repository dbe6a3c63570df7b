"""An independent reading of the routes of the contract, from the answers to the urgency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.decide import factor_reading, risk_reading

ORDER = (
    "emergency",
    "crisis",
    "clinical_review",
    "young_people",
    "cmht",
    "substance_misuse",
    "counselling",
    "active_monitoring",
)
MINIMUM_AGE = 18

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Read:
    """What the contract demands of a referral."""

    levels: Mapping[str, str]
    routes: tuple[str, ...]
    urgency_class: int
    booking_held: bool


class Reading:
    """One referral, read by the contract; ``given`` are its facts, scores and age worked out."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.risk_answers = {name: given.get(name) for name in risk_reading.CHOICES}
        self.levels = {
            factor: factor_reading.level(factor, given, given.get(f"rated_{factor}"))
            for factor in factor_reading.FACTORS
        }
        self.levels["risk"] = self._risk()

    def read(self) -> Read:
        claimed = self._risk_routes() | self._other_routes()
        if (age := self.given.get("age")) is not None and age < MINIMUM_AGE:
            claimed["young_people"] = "routine"
        urgencies = [
            *claimed.values(),
            "same_day" if self.levels["risk"] == "medium" else "routine",
        ]
        routes = [name for name in ORDER if name in claimed]
        if "young_people" in claimed:
            routes = routes[: routes.index("young_people") + 1]
        return Read(
            self.levels,
            tuple(routes or [self._step()]),
            min(map(risk_reading.CLASS_OF_URGENCY.__getitem__, urgencies)),
            self.levels["risk"] == "medium" or self._item9_positive,
        )

    def _risk(self) -> str:
        """A rating of risk may only raise, and Medium stands in for nothing that was not asked."""
        found, rated = risk_reading.level(self.risk_answers), self.given.get("rated_risk")
        if rated == "high" or (rated == "medium" and found == "low"):
            return str(rated)
        return found

    @property
    def _item9_positive(self) -> bool:
        return (self.given.get("phq9_item9") or 0) > 0

    def _risk_routes(self) -> dict[str, str]:
        claimed = risk_reading.concluded(self.risk_answers)
        if self.given.get("rated_risk") != "high":
            return claimed
        claimed.pop("clinical_review", None)
        claimed.pop("cmht", None)
        return {**claimed, "crisis": "very_urgent"}

    def _other_routes(self) -> dict[str, str]:
        found = self._cmht()
        if self.levels["substance_use"] == "high":
            found["substance_misuse"] = "routine"
        if self._counselling():
            found["counselling"] = "routine"
        if self._monitoring():
            found["active_monitoring"] = "routine"
        risk = risk_reading.concluded(self.risk_answers)
        if "cmht" in risk and self.given.get("rated_risk") != "high":
            found["cmht"] = "urgent"
        return found

    def _cmht(self) -> dict[str, str]:
        indicator = self.given.get("specialist_indicator")
        if indicator in ("psychosis", "mania") and self.given.get("perinatal"):
            return {"cmht": "urgent"}
        if indicator not in (None, "none") or self.levels["impairment"] == "high":
            return {"cmht": "soon"}
        high = "high" in (self.levels["complexity"], self.levels["previous_interventions"])
        return {"cmht": "routine"} if high else {}

    def _no_sign_of_harm(self) -> bool:
        asked = (self.given.get("thoughts_of_harm"), self.given.get("harm_injury"))
        return asked == ("none", "none") and not self._item9_positive

    def _counselling(self) -> bool:
        phq9, gad7 = self.given.get("phq9_total"), self.given.get("gad7_total")
        below = phq9 is not None and gad7 is not None and phq9 < 10 and gad7 < 8
        fits = self.given.get("presenting_problem") in ("stress", "anger", "relationship")
        return below and fits and self._no_sign_of_harm()

    def _monitoring(self) -> bool:
        given = self.given
        trigger = given.get("recent_trigger") not in (None, "none", "assault_or_trauma")
        recent = given.get("trigger_days_ago", 9999) <= 56
        mild = given.get("phq9_total", 99) < 16 and given.get("gad7_total", 99) < 15
        calm = self.levels["risk"] == "low" and self._no_sign_of_harm()
        new = self.levels["chronicity"] == "low" and given.get("perinatal") is False
        no_high = "high" not in self.levels.values()
        return trigger and recent and mild and calm and new and no_high and self._may_wait()

    def _may_wait(self) -> bool:
        accepts = self.given.get("accepts_active_monitoring")
        agreed = accepts or (self.given.get("self_referred") is False and accepts is None)
        so_far = self.given.get("active_monitoring")
        in_time = self.given.get("monitoring_review_passed") is not True
        return bool(agreed) and (so_far == "not_done" or (so_far == "under_way" and in_time))

    def _step(self) -> str:
        problem, given = self.given.get("presenting_problem"), self.given
        step_3 = (
            problem in ("ptsd", "social_anxiety")
            or self.levels["severity"] == "high"
            or given.get("phq9_total", 0) >= 16
            or given.get("low_intensity_unhelpful") is True
            or (problem == "depression" and self.levels["chronicity"] == "high")
            or (problem == "gad" and given.get("wsas_total", 0) > 20)
            or (problem in ("ocd", "bdd") and self.levels["impairment"] in ("medium", "high"))
        )
        return "iapt_step_3" if step_3 else "iapt_step_2"
