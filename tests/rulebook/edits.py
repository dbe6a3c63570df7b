"""Faults to put into the shipped rule files, and what must be said about each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """A fault put into a rule file, and what must be said about it."""

    file: str
    old: str
    new: str
    rule: str | None
    says: tuple[str, ...]
    lines_below: int = 0


EDITS = {
    "an unknown fact": Edit(
        "eligibility.yaml",
        "    when: {age: {below: {value: minimum_age}}}",
        "    when: {aeg: {below: {value: minimum_age}}}",
        "young-people",
        ("aeg", "not in the vocabulary", "did you mean age?"),
    ),
    "an unknown fact in a sentence": Edit(
        "eligibility.yaml",
        'because: "The person is {age} years old."',
        'because: "The person is {ages} years old."',
        "young-people",
        ("{ages}", "is not a fact", "did you mean age?"),
    ),
    "a level taken from a rating that nobody gave": Edit(
        "levels.yaml",
        "    when: {rated_severity: {known: true}}",
        "    when: {rated_severity: {known: false}}",
        "severity-rated",
        ("takes a level from rated_severity", "ask for it in every way"),
        lines_below=3,
    ),
    "at least the lowest value": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_least: 0}}",
        "item9-positive",
        ("at_least 0 is always true", "phq9_item9 runs from 0 to 3"),
    ),
    "below the lowest value": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {below: 0}}",
        "item9-positive",
        ("below 0 is never true", "phq9_item9 runs from 0 to 3"),
    ),
    "above the highest value": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {above: 3}}",
        "item9-positive",
        ("above 3 is never true",),
    ),
    "at most the highest value": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_most: 3}}",
        "item9-positive",
        ("at_most 3 is always true",),
    ),
    "a threshold outside its range": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_least: 4}}",
        "item9-positive",
        ("4 is outside the range 0 to 3",),
    ),
    "an unknown operator": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_leest: 1}}",
        "item9-positive",
        ("at_leest", "did you mean at_least?"),
    ),
    "an operator that the fact does not have": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {includes: 1}}",
        "item9-positive",
        ("includes cannot be asked of phq9_item9, a number",),
    ),
    "a fact compared with nothing": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {}}",
        "item9-positive",
        ("phq9_item9 is compared with nothing",),
    ),
    "an unknown word": Edit(
        "eligibility.yaml",
        "{specialist_indicator: {in: [psychosis, mania]}}",
        "{specialist_indicator: {in: [psychosis, maniac]}}",
        "perinatal-psychosis",
        ("maniac", "did you mean mania?"),
    ),
    "every word at once": Edit(
        "eligibility.yaml",
        "{specialist_indicator: {in: [psychosis, mania]}}",
        "{specialist_indicator: {in: [none, psychosis, mania, organic, severe_eating_disorder]}}",
        "perinatal-psychosis",
        ("names every value of specialist_indicator", "known: true"),
    ),
    "a word twice": Edit(
        "eligibility.yaml",
        "{specialist_indicator: {in: [psychosis, mania]}}",
        "{specialist_indicator: {in: [mania, mania]}}",
        "perinatal-psychosis",
        ("twice",),
    ),
    "an unknown route": Edit(
        "eligibility.yaml",
        "      - route: {to: young_people, urgency: routine}",
        "      - route: {to: young_peple, urgency: routine}",
        "young-people",
        ("young_peple is not a route", "did you mean young_people?"),
    ),
    "an unknown urgency": Edit(
        "eligibility.yaml",
        "      - route: {to: young_people, urgency: routine}",
        "      - route: {to: young_people, urgency: rutine}",
        "young-people",
        ("rutine is not an urgency", "did you mean routine?"),
    ),
    "an unknown kind of conclusion": Edit(
        "eligibility.yaml",
        "      - route: {to: young_people, urgency: routine}",
        "      - rout: {to: young_people, urgency: routine}",
        "young-people",
        ("rout is not a kind of conclusion", "did you mean route?"),
    ),
    "an unknown alert": Edit(
        "safety.yaml",
        "      - alert: item9_positive",
        "      - alert: item9_positiv",
        "item9-positive",
        ("item9_positiv is not a known alert", "did you mean item9_positive?"),
    ),
    "an unknown source": Edit(
        "pathways.yaml",
        "    basis: {source: qs115, where:",
        "    basis: {source: qs116, where:",
        "perinatal-priority",
        ("qs116 is not a source of the rulebook", "did you mean"),
    ),
    "an unknown named value": Edit(
        "eligibility.yaml",
        "    when: {age: {below: {value: minimum_age}}}",
        "    when: {age: {below: {value: minimum_ag}}}",
        "young-people",
        ("minimum_ag is not a named value", "did you mean minimum_age?"),
    ),
    "YAML that would be false": Edit(
        "safety.yaml",
        "      - {title: first positive score, given: {phq9_item9: 1}, fires: true}",
        "      - {title: first positive score, given: {phq9_item9: 1}, fires: no}",
        None,
        ("'no' is doubtful", "true or false"),
    ),
    "YAML that would be true": Edit(
        "safety.yaml",
        "      - {title: first positive score, given: {phq9_item9: 1}, fires: true}",
        "      - {title: first positive score, given: {phq9_item9: 1}, fires: Yes}",
        None,
        ("'Yes' is doubtful",),
    ),
    "YAML that would be octal": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_least: 010}}",
        None,
        ("'010' is a doubtful number",),
    ),
    "a fraction": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_least: 1.5}}",
        "item9-positive",
        ("must be a whole number, not '1.5'",),
    ),
    "a number in quotes": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        '    when: {phq9_item9: {at_least: "1"}}',
        "item9-positive",
        ("must be a whole number, not '1'",),
    ),
    "no examples on one side": Edit(
        "safety.yaml",
        "      - {title: score of nought, given: {phq9_item9: 0}, fires: false}\n",
        "",
        "item9-positive",
        ("one on each side", "one that fires and one that does not"),
        lines_below=-1,
    ),
    "an example outside the range": Edit(
        "safety.yaml",
        "      - {title: score of nought, given: {phq9_item9: 0}, fires: false}",
        "      - {title: score of nought, given: {phq9_item9: 9}, fires: false}",
        "item9-positive",
        ("9 is outside the range 0 to 3",),
    ),
    "an example with an unknown fact": Edit(
        "safety.yaml",
        "      - {title: score of nought, given: {phq9_item9: 0}, fires: false}",
        "      - {title: score of nought, given: {phq9_itm9: 0}, fires: false}",
        "item9-positive",
        ("phq9_itm9", "did you mean phq9_item9?"),
    ),
    "an example like none": Edit(
        "active_monitoring.yaml",
        '      - {title: the day after the window, like: "the last day of the window",',
        '      - {title: the day after the window, like: "the last day of a window",',
        "active-monitoring",
        ("the last day of a window", "did you mean the last day of the window?"),
    ),
    "a named value out of range": Edit(
        "rulebook.yaml",
        "    title: Minimum age of the adult service\n    value: 18",
        "    title: Minimum age of the adult service\n    value: 180",
        "minimum_age",
        ("180 is outside the range 0 to 130",),
        lines_below=1,
    ),
    "a named word that is no choice": Edit(
        "rulebook.yaml",
        "    value: own_route_with_review",
        "    value: own_rout_with_review",
        "medium_risk_destination",
        ("own_rout_with_review", "did you mean own_route_with_review?"),
    ),
    "a status that is none": Edit(
        "pathways.yaml", "status: draft", "status: drafted", None, ("did you mean draft?",)
    ),
    "an unknown key": Edit(
        "safety.yaml",
        "    title: A positive PHQ-9 item 9 always leads to a structured enquiry about risk",
        "    titel: A positive PHQ-9 item 9 always leads to a structured enquiry about risk",
        "item9-positive",
        ("titel is not known here", "did you mean title?"),
    ),
    "a tag": Edit(
        "safety.yaml",
        "    when: {phq9_item9: {at_least: 1}}",
        "    when: {phq9_item9: {at_least: !!float 1}}",
        None,
        ("not allowed in a rule file",),
    ),
}
