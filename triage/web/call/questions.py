"""The questions of a call: what is asked together, and as what it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from triage.domain.drafts import Draft, Way
from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.domain.vocabulary import Answer, Kind, Vocabulary
from triage.web.call import person
from triage.web.call.fields import Body, Field, of_answer
from triage.web.call.ratings import ratings

COMPLETED_ON = {
    "phq9_items": "phq9_on",
    "phq9_total": "phq9_on",
    "gad7_items": "gad7_on",
    "gad7_total": "gad7_on",
}
"""The days that are asked for beside scores."""

SAFETY = "safety"
"""The group of the questions about safety."""

PERSON = "person"
"""The group of what is asked about the person and whoever refers."""

GROUPS = {
    SAFETY: "Safety",
    "measures": "Questionnaires",
    "problem": "The problem",
    "substances": "Alcohol and drugs",
    "history": "What happened and what was tried",
    "circumstances": "Circumstances",
    PERSON: "The person and who refers",
}
"""The groups of questions, in words."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at once: one thing, and what belongs to it.

    ``belongs``: the names that a refusal of it refuses as well, its own first. ``total`` is what
    may be asked in its place, where one number can say it.
    """

    name: str
    group: str
    field: Field
    beside: tuple[Field, ...] = ()
    belongs: tuple[str, ...] = ()
    total: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Everything that can be filled in."""
        return (self.field, *self.beside)

    @property
    def may_be_declined(self) -> bool:
        """Can somebody refuse to say? Not who refers: whoever takes the call knows."""
        return self.name != SOURCE

    @property
    def is_either(self) -> bool:
        """Does any of its fields answer it? An age stands for a date of birth."""
        return self.name == BIRTH_DATE

    def is_answered(self, body: Body) -> bool:
        """Does a body hold an answer to it, in any of the ways it may be given?"""
        either = self.fields if self.is_either else (self.field,)
        return any(one.value(body) is not None for one in either)


class Questions:
    """Every question that a vocabulary has, by name, and every field there is, by its path.

    ``person`` are the fields of who is referred and who refers, ``ratings`` those of a clinician.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._answers = vocabulary.answers
        self._together = _together(vocabulary)
        fields = {name: of_answer(answer) for name, answer in vocabulary.answers.items()}
        asked = [self._of_answer(answer, fields) for answer in vocabulary.answers.values()]
        self._by_name = {one.name: one for one in (*asked, *_of_person(vocabulary))}
        self.person = tuple(person.fields(vocabulary))
        self.ratings = tuple(ratings(vocabulary))
        every = (*fields.values(), *self.person, *self.ratings)
        self.fields = {one.path: one for one in every}

    def __iter__(self) -> Iterator[Question]:
        return iter(self._by_name.values())

    def get(self, name: str) -> Question | None:
        """The question of a name; None where there is none."""
        return self._by_name.get(name)

    def to_show(self, name: str, body: Body) -> Question:
        """The question to show where a name is asked for.

        That of the items of a score, where those can still give it: they say more than a total.
        """
        answers, declined = body.get("answers") or {}, body.get("declined") or ()
        for items in self._items_of(name):
            alone = name != self._by_name[items].total and self._by_name[items].total in answers
            if items not in declined and not (alone or self._is_full(items, answers)):
                return self._by_name[items]
        return self._by_name[name]

    def put_off(self, skipped: tuple[str, ...]) -> frozenset[str]:
        """The names to pass over where these questions were skipped."""
        known = (self._by_name[name] for name in skipped if name in self._by_name)
        return frozenset(each for one in known for each in one.belongs)

    def groups_of_fields(self) -> Mapping[str, list[Field]]:
        """The fields of the screening answers, by the words of their groups."""
        found = {words: [one.field for one in group] for words, group in self.groups().items()}
        return {words: group for words, group in found.items() if words != GROUPS[PERSON]}

    def counted(self, draft: Draft) -> Draft:
        """A draft whose body was filled in as a whole: what is answered counts as asked."""
        body, said = draft.body, {one.name for one in self if one.is_answered(draft.body)}
        declined = [name for name in body.get("declined") or () if name not in said]
        rest = {name: value for name, value in body.items() if name != "declined"}
        kept = tuple(name for name in draft.asked if name in said.union(declined))
        listed = said.difference(kept) if draft.way is Way.FORM else ()
        new = tuple(one.name for one in self if one.name in listed)
        body = {**rest, "declined": declined} if declined else rest
        return replace(draft, body=body, asked=kept + new)

    def groups(self) -> Mapping[str, list[Question]]:
        """The questions by the words of their groups."""
        found: dict[str, list[Question]] = {words: [] for words in GROUPS.values()}
        for one in self:
            found[GROUPS.get(one.group, one.group.capitalize())].append(one)
        return found

    def _items_of(self, name: str) -> Iterator[str]:
        """The items that give what a name asks for."""
        for each, together in self._together.items():
            if name in together and name != each:
                yield each

    def _is_full(self, items: str, answers: Mapping[str, object]) -> bool:
        given = answers.get(items)
        return isinstance(given, list) and None not in given

    def _of_answer(self, answer: Answer, fields: Mapping[str, Field]) -> Question:
        name = answer.name
        day = COMPLETED_ON.get(name)
        belongs = self._together.get(name, (name,))
        total = next((each for each in belongs if each.endswith("_total")), "")
        return Question(
            name=name,
            group=answer.group,
            field=fields[name],
            beside=(fields[day],) if day else (),
            belongs=belongs,
            total=total if answer.term.kind is Kind.ITEMS else "",
        )


def _together(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """For each questionnaire's items, their name and those of the scores that they give."""
    items = [one.name for one in vocabulary.answers.values() if one.term.kind is Kind.ITEMS]
    derived = vocabulary.derived.values()
    return {
        name: tuple(
            dict.fromkeys(
                (name, *(each for fact in derived if name in fact.inputs for each in fact.inputs))
            )
        )
        for name in items
    }


def _of_person(vocabulary: Vocabulary) -> Iterator[Question]:
    fields = {one.path: one for one in person.fields(vocabulary)}
    age = fields["patient.age"]
    yield Question(BIRTH_DATE, PERSON, fields[BIRTH_DATE], (age,), (BIRTH_DATE,))
    yield Question(SOURCE, PERSON, fields[SOURCE], (), (SOURCE,))
