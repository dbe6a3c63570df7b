"""Faults to put into the words, the values and the conclusions of the shipped rule files."""

from __future__ import annotations

from tests.rulebook.edits import Edit

WSAS = "    group: measures\n    from: 0\n    to: 40\n  - name: audit_total"

CHOICE = "  persons_choice: {title: The person's own choice, sign_off: true}"

ROUTINE = "  routine: {title: Routine (4 weeks), rank: 4, within_hours: 672, priority: routine}"

ANSWER = {
    "list": "    type: list\n    group: circumstances\n    fixed: true\n",
    "items": "    type: items\n    group: measures\n    length: 9\n",
    "date": "    type: date\n    may_be_ahead: true\n",
}
"""How an answer of a kind that does not get worse begins, where no other does so."""

WORDS = {
    "a reason without a title": Edit(
        "vocabulary.yaml", CHOICE, "  persons_choice: {sign_off: true}", None, ("title is missing",)
    ),
    "a reason with an unknown mark": Edit(
        "vocabulary.yaml",
        CHOICE,
        CHOICE.replace("sign_off", "signoff"),
        None,
        ("signoff is not known here", "did you mean sign_off?"),
    ),
    "a reason that is only a word": Edit(
        "vocabulary.yaml", CHOICE, "  persons_choice: own choice", None, ("must be a mapping",)
    ),
    "a reason whose mark is no yes or no": Edit(
        "vocabulary.yaml",
        CHOICE,
        CHOICE.replace("true", "later"),
        None,
        ("must be true or false, not 'later'",),
    ),
    "a reason with a blank title": Edit(
        "vocabulary.yaml",
        CHOICE,
        CHOICE.replace("The person's own choice", '" "'),
        None,
        ("must be a text",),
    ),
    "a reason given twice": Edit(
        "vocabulary.yaml",
        CHOICE,
        CHOICE.replace("persons_choice", "new_information"),
        None,
        ("new_information is given twice",),
    ),
    "a word without a name": Edit(
        "vocabulary.yaml",
        "  - name: wsas_total\n    title: WSAS total",
        "  - title: WSAS total",
        None,
        ("needs a name",),
    ),
    "a name given twice": Edit(
        "vocabulary.yaml",
        "  - name: wsas_total",
        "  - name: plan",
        None,
        ("plan is in the list already",),
    ),
    "a flag that is an answer": Edit(
        "vocabulary.yaml",
        "  current_danger: {title:",
        "  plan: {title:",
        None,
        ("plan is an answer or a derived fact already",),
    ),
    "a number without a range": Edit(
        "vocabulary.yaml",
        WSAS,
        WSAS.replace("    to: 40\n", ""),
        None,
        ("a number needs a range; add to",),
        lines_below=-4,
    ),
    "a range that runs backwards": Edit(
        "vocabulary.yaml",
        WSAS,
        WSAS.replace("from: 0", "from: 41"),
        None,
        ("runs backwards, from 41 to 40",),
        lines_below=-4,
    ),
    "a choice of one": Edit(
        "vocabulary.yaml",
        "choices: [{ongoing: there all along}, {relapse: come back after a well spell}]",
        "choices: [{ongoing: there all along}]",
        None,
        ("at least two choices",),
        lines_below=-7,
    ),
    "a choice without words": Edit(
        "vocabulary.yaml",
        "choices: [{ongoing: there all along}, {relapse: come back after a well spell}]",
        "choices: [{ongoing: there all along}, {}]",
        None,
        ("one new name with its words",),
    ),
    "an urgency with two clocks": Edit(
        "vocabulary.yaml",
        "rank: 2, by_end_of_day: true, ",
        "rank: 2, by_end_of_day: true, within_hours: 2, ",
        None,
        ("either within_hours, or by_end_of_day: true",),
    ),
    "an urgency as soon as another by the same hours": Edit(
        "vocabulary.yaml",
        ROUTINE,
        f"{ROUTINE}\n{ROUTINE.replace('routine:', 'planned:')}",
        None,
        ("planned is as soon as routine", "leave one of them out"),
        lines_below=1,
    ),
    "an urgency as soon as another by other hours": Edit(
        "vocabulary.yaml",
        ROUTINE,
        f"{ROUTINE}\n  now: {{title: Now, rank: 2, within_hours: 0, priority: stat}}",
        None,
        ("now is as soon as same_day", "leave one of them out"),
        lines_below=1,
    ),
    **{
        f"an answer of type {kind} that gets worse": Edit(
            "vocabulary.yaml",
            begins,
            f"{begins}    worse: last\n",
            None,
            (f"answers of type {kind} do not get worse", "take it out"),
            lines_below=begins.count("\n"),
        )
        for kind, begins in ANSWER.items()
    },
    "a yes or no that gets higher": Edit(
        "vocabulary.yaml",
        '    group: safety\n    fixed: true\n    worse: "true"',
        "    group: safety\n    fixed: true\n    worse: higher",
        None,
        ("higher is not a direction of a boolean", "use one of: true, false"),
        lines_below=2,
    ),
    "a choice that gets higher": Edit(
        "vocabulary.yaml",
        "    worse: last\n    choices: [{none: no plan}",
        "    worse: higher\n    choices: [{none: no plan}",
        None,
        ("higher is not a direction of a choice", "use one of: last"),
    ),
    "a number that gets worse at the end": Edit(
        "vocabulary.yaml",
        "    worse: higher\n",
        "    worse: last\n",
        None,
        ("last is not a direction of a number", "use one of: higher"),
    ),
    "a named value called as a fact": Edit(
        "rulebook.yaml",
        "  medium_risk_destination:\n",
        "  plan:\n",
        None,
        ("plan is in the vocabulary already",),
    ),
    "a ruleset that goes by another name": Edit(
        "pathways.yaml",
        "ruleset: pathways",
        "ruleset: pathway",
        None,
        ("pathway stands in pathways.yaml",),
    ),
    "a retired ruleset": Edit(
        "pathways.yaml", "status: draft", "status: retired", None, ("is retired",)
    ),
    "an empty list": Edit(
        "eligibility.yaml",
        "{specialist_indicator: {in: [psychosis, mania]}}",
        "{specialist_indicator: {in: []}}",
        "perinatal-psychosis",
        ("is an empty list",),
    ),
    "a word for a list": Edit(
        "eligibility.yaml",
        "{specialist_indicator: {in: [psychosis, mania]}}",
        "{specialist_indicator: {in: mania}}",
        "perinatal-psychosis",
        ("must be a list, not 'mania'",),
    ),
    "a word for yes or no": Edit(
        "pathways.yaml",
        "    when: {veteran: {is: true}}",
        "    when: {veteran: {is: served}}",
        "veteran-priority",
        ("must be true or false, not 'served'",),
    ),
    "nothing for a text": Edit(
        "pathways.yaml",
        "    title: Veterans have priority for conditions related to their service",
        "    title:",
        "veteran-priority",
        ("must be a text, not nothing",),
    ),
    "a list for a name": Edit(
        "pathways.yaml",
        "    when: {veteran: {is: true}}",
        "    when: {[veteran]: {is: true}}",
        None,
        ("must be a plain word",),
    ),
    "two conclusions in one": Edit(
        "pathways.yaml",
        "      - support: veteran_priority",
        "      - {support: veteran_priority, alert: senior_review}",
        "veteran-priority",
        ("one conclusion, not 2",),
    ),
    "an unknown factor": Edit(
        "pathways.yaml",
        "      - support: veteran_priority",
        "      - level: {sevirity: high}",
        "veteran-priority",
        ("sevirity is not a factor", "did you mean severity?"),
    ),
    "two factors in one": Edit(
        "pathways.yaml",
        "      - support: veteran_priority",
        "      - level: {severity: high, risk: high}",
        "veteran-priority",
        ("name one of them, not 2",),
    ),
    "a booking that is not held": Edit(
        "safety.yaml",
        "      - hold_booking: true\n      - action: {id: risk_enquiry",
        "      - hold_booking: false\n      - action: {id: risk_enquiry",
        "item9-positive",
        ("can only be true",),
    ),
    "two examples of one title": Edit(
        "safety.yaml",
        "      - {title: score of nought, given: {phq9_item9: 0}",
        "      - {title: first positive score, given: {phq9_item9: 0}",
        "item9-positive",
        ("two examples are called 'first positive score'",),
    ),
    "a district in two places": Edit(
        "service_directory.yaml",
        "[S60, S61,",
        "[S60, DN1, S61,",
        None,
        ("DN1 lies in doncaster too",),
        lines_below=-1,
    ),
}
