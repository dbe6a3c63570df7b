"""Searches on the wire: bodies that ask for recorded decisions, read strictly, and the answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError

from schemas.days import Moment
from schemas.faults import faults_in, names_in, path, told
from schemas.fields import NO_CONTROLS, Choice, Listed, Strict, Text, WholeNumber, YesOrNo
from schemas.parts import Body, Part
from schemas.patient import NhsNumber
from triage.domain.search import DEFAULT_LIMIT, LARGEST_LIMIT, Asked, Format, Search
from triage.domain.vocabulary import Vocabulary
from triage.errors import Fault, ReferralError
from triage.nearest import nearest

MOST_VALUES, MOST_RULES = 20, 10
"""How many values one filter takes; of rules, all of which must have fired, fewer do."""

LONGEST_CODE = 12
"""The most characters of an ODS code."""

ORDERS = ("newest", "oldest")

Ever = Callable[[str, Sequence[str]], Collection[str]]
"""Which of these values of a filter any decision has that is recorded here."""


class Word(Strict):
    """A word of a rulebook. ``known`` are those of the one in use; the log may have others too."""

    def __init__(self, known: Collection[str], what: str) -> None:
        described = f"{what}; those of earlier rulebooks are taken too, where the log has them."
        super().__init__({"type": "string", "enum": [*known, None], "description": described})

    def read(self, value: Any) -> str:
        """The word as it was sent."""
        if isinstance(value, str) and _WORD.fullmatch(value):
            return value
        raise ValidationError("must be a word of letters, digits, hyphens and underscores")


_WORD = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Written(Strict):
    """A text that is written in one way only."""

    def __init__(self, pattern: str, remedy: str, description: str) -> None:
        super().__init__({"type": "string", "pattern": pattern, "description": description})
        self._valid, self._remedy = re.compile(pattern[:-1] + r"\Z"), remedy

    def read(self, value: Any) -> str:
        """The text as it was sent."""
        if isinstance(value, str) and self._valid.match(value):
            return value
        raise ValidationError(self._remedy)


class OdsCode(Text):
    """The code of an organisation.

    What is written like an NHS number is refused: filters may be recorded, a person's number never.
    """

    def __init__(self) -> None:
        super().__init__(LONGEST_CODE, {"pattern": _NO_NHS_NUMBER}, least=1)

    def read(self, value: Any) -> str:
        """The code as it was sent."""
        if re.match(_NO_NHS_NUMBER, super().read(value)):
            return str(value)
        raise ValidationError("is written like an NHS number; to find a person, use person")


_NO_NHS_NUMBER = r"^(?![ -]*([0-9][ -]*){10}$)" + NO_CONTROLS.removeprefix("^")


def _filters(vocabulary: Vocabulary, rules: Collection[str]) -> dict[str, Strict | Part]:
    """The fields by which decisions are found."""
    return {
        "from": Moment({"description": "Recorded then or later."}),
        "to": Moment({"description": "Recorded before then."}),
        "route": Listed(Word(vocabulary.routes, "A route"), MOST_VALUES, _any_of("routes")),
        "urgency": Listed(
            Word(vocabulary.urgencies, "An urgency"), MOST_VALUES, _any_of("urgencies")
        ),
        "source": Listed(
            Word(vocabulary.sources_of_referral, "A source of referral"),
            MOST_VALUES,
            _any_of("sources of referral"),
        ),
        "ods_code": Listed(OdsCode(), MOST_VALUES, _any_of("organisations that refer")),
        "rule": Listed(Word(rules, "A rule"), MOST_RULES, {"description": _RULES}),
        "rulebook": Written(r"^sha256:[0-9a-f]{64}$", _NO_DIGEST, "The rulebook that decided."),
        "overridden": YesOrNo({"description": _OVERRIDDEN}),
        "person": Part(_WHO, _PERSON),
        "decision_ids": Listed(
            Written(_UUID, _NO_ID, "The id of a decision."), LARGEST_LIMIT, _any_of("decisions")
        ),
    }


def _any_of(things: str) -> dict[str, str]:
    return {"description": f"Any of these {things}; all, where the list is empty."}


_UUID = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_NO_ID = "must be the id of a decision, as in 5d2c9f3e-8a41-4f0e-9d0b-0c8f7a3b6e21"
_NO_DIGEST = "must be the digest of a rulebook: sha256: and 64 digits from 0 to f"
_NO_NUMBER = "is needed to find a person; leave person out to find anybody"
_RULES = "Rules, every one of which fired."
_OVERRIDDEN = "Did an override of it ever come into force?"
_PERSON = "Whom decisions are about. That somebody looked is recorded, the number is not."

_WHO: Any = Body.from_dict({"nhs_number": NhsNumber()}, name="PersonSearchedSchema")()
_WHO.need("nhs_number", why=_NO_NUMBER)


def search_schema(vocabulary: Vocabulary, rules: Collection[str]) -> Schema:
    """The schema of a search. Every field may be absent; those that are there must all fit."""
    how = {
        "order": Choice(ORDERS, {"description": "The newest come first where it is left out."}),
        "limit": WholeNumber(1, LARGEST_LIMIT, {"default": DEFAULT_LIMIT}),
        "cursor": Written(r"^[A-Za-z0-9_-]{32}$", _NO_CURSOR, _CURSOR),
        "count": YesOrNo({"description": _COUNT}),
    }
    return Body.from_dict({**_filters(vocabulary, rules), **how}, name="SearchSchema")()


def export_schema(vocabulary: Vocabulary, rules: Collection[str]) -> Schema:
    """The schema of what is to be taken away: the same filters."""
    how = {"format": Choice(tuple(Format), {"description": "ndjson where it is left out."})}
    return Body.from_dict({**_filters(vocabulary, rules), **how}, name="ExportSchema")()


_CURSOR = "The next of the page before, sent with the same filters and order."
_NO_CURSOR = "is not one that a page ended with; leave it out to begin anew"
_COUNT = "Say on the first page how many there are, up to a thousand."


class SearchReader:
    """Reads what is looked for, in the words of a rulebook. Made once; safe for many threads.

    ``rules`` are the ids of its rules. ``ever`` says which words of earlier rulebooks the log has.
    """

    def __init__(self, vocabulary: Vocabulary, rules: Collection[str], ever: Ever) -> None:
        self.schema = search_schema(vocabulary, rules)
        self.export_schema = export_schema(vocabulary, rules)
        self.names = names_in(self.schema) | names_in(self.export_schema)
        self._ever = ever
        self._words: Mapping[str, Collection[str]] = {
            "route": vocabulary.routes,
            "urgency": vocabulary.urgencies,
            "source": vocabulary.sources_of_referral,
            "rule": rules,
        }

    def read(self, body: object) -> Asked:
        """The search in a body. Raises ``ReferralError`` with every fault of it."""
        found = self._loaded(self.schema, body)
        return Asked(
            search=_search(found),
            newest_first=found.get("order") != "oldest",
            limit=found.get("limit", DEFAULT_LIMIT),
            cursor=found.get("cursor"),
            count=found.get("count", False),
        )

    def read_export(self, body: object) -> tuple[Search, Format]:
        """What is to be taken away, and how. Raises as ``read``."""
        found = self._loaded(self.export_schema, body)
        return _search(found), Format(found.get("format", Format.NDJSON))

    def _loaded(self, schema: Schema, body: object) -> dict[str, Any]:
        faults: list[Fault] = []
        try:
            found = dict(schema.load(body))  # type: ignore[arg-type]
        except ValidationError as error:
            found = dict(error.valid_data or {})
            faults += told(faults_in(error.messages_dict, schema))
        faults += [*_times(found), *self._unknown(found)]
        if faults:
            raise ReferralError(sorted(faults, key=lambda fault: fault.field))
        return found

    def _unknown(self, found: Mapping[str, Any]) -> Iterator[Fault]:
        """Words that neither this rulebook has nor any decision that is recorded."""
        for name, known in self._words.items():
            strange = [value for value in found.get(name, ()) if value not in known]
            seen = self._ever(name, strange) if strange else ()
            for place, value in enumerate(found.get(name, ())):
                if value in strange and value not in seen:
                    remedy = nearest(value, known)
                    yield Fault(path(name, place), f"is no {name} of any rulebook here; {remedy}")


def _times(found: Mapping[str, Any]) -> Iterator[Fault]:
    earliest, before = found.get("from"), found.get("to")
    if earliest and before and before <= earliest:
        yield Fault("to", "is not after from; swap them, or leave one out")


def _search(found: Mapping[str, Any]) -> Search:
    return Search(
        earliest=found.get("from"),
        before=found.get("to"),
        routes=_each_once(found, "route"),
        urgencies=_each_once(found, "urgency"),
        sources=_each_once(found, "source"),
        ods_codes=_each_once(found, "ods_code"),
        rules=_each_once(found, "rule"),
        rulebook=found.get("rulebook"),
        overridden=found.get("overridden"),
        decision_ids=tuple(one.lower() for one in _each_once(found, "decision_ids")),
        nhs_number=found.get("person", {}).get("nhs_number"),
    )


def _each_once(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.get(name, ())))
