"""Values as FHIR sends them, read as the kind of value that an answer has, and never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from triage.domain.vocabulary import Kind
from triage.fhir.findings import Finding
from triage.fhir.reading.days import day_of
from triage.fhir.reading.elements import Coding, Element, coding_of, codings_in
from triage.fhir.reading.said import Question, error, warning
from triage.fhir.systems import plain as plain_system

Plain = Mapping[str, int]
"""What codes without a system stand for in one questionnaire."""

Values = tuple[Any, ...]
"""What was read: nothing where it is no value of the kind; several where codings differ."""

NONE_OF_THEM = "none"
"""In the system of a list: asked, and there is nothing to list."""

LEAST_ICD10, MOST_ICD10 = 3, 8
"""How many characters an ICD-10 category has, for nothing shorter stands for those below it; and
how many of a code are looked at."""


def values_in(
    holder: Element, question: Question, plain: Plain
) -> Iterator[tuple[Any, str] | Finding]:
    """The values of ``value[x]``, each with its place; an error where there is one unreadable."""
    sent = [key for key, raw in holder.json.items() if key.startswith("value") and raw is not None]
    at, field = holder.place("value"), question.asked.path
    if len(sent) > 1:
        yield error("structure", at, f"{field}: there are several values here; send one of them.")
    elif sent:
        read = READERS[question.kind].get(sent[0], _unreadable)
        found = tuple(dict.fromkeys(read(holder.json[sent[0]], question, plain)))
        yield from ((value, at) for value in found)
        if not found:
            says = f"{field}: the value here cannot be read; {HOW[question.kind]}."
            yield error("value", at, says)
        elif lacks_system(holder.json[sent[0]], question, plain):
            yield warning("incomplete", at, f"{field}: {NO_SYSTEM}")


def lacks_system(raw: Any, question: Question, plain: Plain) -> bool:
    """Is a code in a Coding or a CodeableConcept known although it names no system?"""
    if not question.bare or type(raw) is not dict:
        return False
    here = Element(raw, "")
    return any(_is_bare(one, question, plain) for one in (coding_of(here), *codings_in(here)))


def _is_bare(coding: Coding, question: Question, plain: Plain) -> bool:
    known = coding.code in plain or coding.code in question.choices
    return not coding.system and not known and coding.code in question.bare


NO_SYSTEM = "the code here is known, but its system is not named. It was read; send the system."


HOW: Mapping[Kind, str] = {
    Kind.BOOLEAN: "send true or false as valueBoolean",
    Kind.CHOICE: "send a coding that is known here: see the Questionnaire",
    Kind.NUMBER: "send a whole number as valueInteger, or a coding that is known here",
    Kind.ITEMS: "send each item by its own code, as valueInteger or a coding that is known here",
    Kind.DATE: "send a whole day as valueDate",
    Kind.LIST: "send a text as valueString, or a coding of our own system",
}
"""How a value of each kind is to be sent."""


def _unreadable(_raw: Any, _question: Question, _plain: Plain) -> Values:
    return ()


def is_number(raw: Any) -> bool:
    """Is it a number of JSON? True and false are none."""
    return type(raw) is int or type(raw) is float


def _number(raw: Any, _question: Question, _plain: Plain) -> Values:
    return (raw,) if is_number(raw) else ()


def _quantity(raw: Any, question: Question, _plain: Plain) -> Values:
    """The number of a quantity that is exact, and in days where days are asked for."""
    if type(raw) is not dict or raw.get("comparator") is not None:
        return ()
    units = {raw[name] for name in ("code", "unit") if isinstance(raw.get(name), str)}
    other = question.in_days and not units <= DAYS
    return () if other else _number(raw.get("value"), question, {})


DAYS = frozenset({"d", "day", "days"})
"""How a quantity says that it counts days."""


def _boolean(raw: Any, _question: Question, _plain: Plain) -> Values:
    return (raw,) if type(raw) is bool else ()


def _text(raw: Any, _question: Question, _plain: Plain) -> Values:
    return (raw,) if isinstance(raw, str) else ()


def _day(raw: Any, _question: Question, _plain: Plain) -> Values:
    day = day_of(raw)
    return (day.isoformat(),) if day else ()


def _coding(raw: Any, question: Question, plain: Plain) -> Values:
    if type(raw) is not dict:
        return ()
    coding = coding_of(Element(raw, ""))
    return meant(coding, question, plain)


def _concept(raw: Any, question: Question, plain: Plain) -> Values:
    if type(raw) is not dict:
        return ()
    codings = codings_in(Element(raw, ""))
    return tuple(value for each in codings for value in meant(each, question, plain))


def meant(coding: Coding, question: Question, plain: Plain) -> Values:
    """What a coding stands for as an answer. A choice of our own stays as it was sent.

    A code without a system is one of the questionnaire that it answers: of ours, unless ``plain``
    has those of another.
    """
    if not coding.code:
        return ()
    if not coding.system and coding.code in plain:
        return (plain[coding.code],)
    if _is_bare(coding, question, plain):
        return (question.bare[coding.code],)
    system = plain_system(coding.system)
    if system in ("", question.own):
        ours = question.kind is Kind.CHOICE and (system or not plain)
        return (coding.code,) if ours else ()
    code = _known(coding, question)
    return () if code is None else (question.codes[code],)


def _known(coding: Coding, question: Question) -> tuple[str, str] | None:
    """The code by which a coding is known: its own, or in ICD-10 the nearest above it."""
    key = coding.known_by
    if key[0] != question.icd10:
        return key if key in question.codes else None
    code = undotted(coding.code)
    lengths = range(min(len(code), MOST_ICD10), LEAST_ICD10 - 1, -1)
    above = ((question.icd10, code[:length]) for length in lengths)
    return next((one for one in above if one in question.codes), None)


def undotted(code: str) -> str:
    """An ICD-10 code without its point, which some write and some do not."""
    return code.replace(".", "").upper()


def _listed(raw: Any, question: Question, _plain: Plain) -> Values:
    """An entry of a list, by its code where that is ours and else by its words."""
    if type(raw) is not dict:
        return ()
    coding = coding_of(Element(raw, ""))
    if plain_system(coding.system) != question.own:
        return (coding.display,) if coding.display else ()
    if coding.code == NONE_OF_THEM and NONE_OF_THEM not in question.choices:
        return (None,)
    return (coding.code,) if coding.code else ()


def _listed_concept(raw: Any, question: Question, plain: Plain) -> Values:
    """The entry that the codings of a concept are, the first that can be read."""
    parts = Element(raw, "").parts("coding") if type(raw) is dict else ()
    found = (_listed(one.json, question, plain) for one in parts)
    return next((one for one in found if one), ())


Reader = Callable[[Any, Question, Plain], Values]

_NUMBERS: Mapping[str, Reader] = {
    "valueInteger": _number,
    "valueDecimal": _number,
    "valueQuantity": _quantity,
    "valueCoding": _coding,
    "valueCodeableConcept": _concept,
}

READERS: Mapping[Kind, Mapping[str, Reader]] = {
    Kind.BOOLEAN: {"valueBoolean": _boolean},
    Kind.CHOICE: {"valueCoding": _coding, "valueCodeableConcept": _concept},
    Kind.NUMBER: _NUMBERS,
    Kind.ITEMS: _NUMBERS,
    Kind.DATE: {"valueDate": _text, "valueDateTime": _day, "valueInstant": _day},
    Kind.LIST: {
        "valueString": _text,
        "valueCoding": _listed,
        "valueCodeableConcept": _listed_concept,
    },
}
"""How each kind of value is read from each type that FHIR has for it."""
