from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import Resource, a_message
from tests.fhir.reading.sending import DECLINED, concept, errors, notes, own, told, warnings
from triage.fhir.reading import MessageReader, Read
from triage.fhir.systems import NHS_NUMBER

AT = "Bundle.entry[2].resource"
ETHNIC = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
VERIFICATION = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"


def of(reader: MessageReader, **patient: Any) -> Read:
    return reader.message(a_message({}, patient=patient)).read


def number(value: Any, **more: Any) -> Resource:
    return {"system": NHS_NUMBER, "value": value, **more}


def test_spaces_and_hyphens_of_an_nhs_number_are_dropped(reader: MessageReader) -> None:
    read = of(reader, identifier=[number("999 000-0026")])
    assert read.body["patient"]["nhs_number"] == "9990000026"
    assert read.places["patient.nhs_number"] == f"{AT}.identifier[0].value"


@pytest.mark.parametrize("value", ["999000002", "99900000261", "999000002X", "x", 9990000026])
def test_what_has_not_ten_digits_is_left_out_and_refuses_nothing(
    reader: MessageReader, value: Any
) -> None:
    read = of(reader, identifier=[number(value)])
    assert "nhs_number" not in read.body["patient"]
    assert (warnings(read), errors(read)) == ([f"{AT}.identifier[0].value"], [])


def test_a_failing_check_digit_is_told_and_left_to_the_rules(reader: MessageReader) -> None:
    read = of(reader, identifier=[number("9990000027")])
    assert read.body["patient"]["nhs_number"] == "9990000027"
    assert warnings(read) == [f"{AT}.identifier[0].value"]
    assert "9990000027" not in told(read)


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("number-present-and-verified", []),
        ("number-present-but-not-traced", [f"{AT}.identifier[0].value"]),
    ],
)
def test_a_number_that_was_not_verified_is_told(
    reader: MessageReader, code: str, places: list[str]
) -> None:
    extension = {"url": VERIFICATION, "valueCodeableConcept": concept("urn:x", code)}
    read = of(reader, identifier=[number("9990000026", extension=[extension])])
    assert notes(read) == places


def test_identifiers_of_others_and_old_numbers_are_not_read(reader: MessageReader) -> None:
    others = [{"system": "urn:hospital", "value": "1"}, number("9990000018", use="old")]
    read = of(reader, identifier=[*others, number("9990000026")])
    assert (read.body["patient"]["nhs_number"], read.findings) == ("9990000026", ())


def test_of_two_nhs_numbers_neither_is_read(reader: MessageReader) -> None:
    read = of(reader, identifier=[number("9990000026"), number("9990000018")])
    assert "nhs_number" not in read.body["patient"]
    assert warnings(read) == [f"{AT}.identifier"]


@pytest.mark.parametrize("born", ["1985", "1985-02", 1985, "about 1985"])
def test_a_date_of_birth_that_is_not_whole_is_left_out(reader: MessageReader, born: Any) -> None:
    read = of(reader, birthDate=born)
    assert "birth_date" not in read.body["patient"]
    assert warnings(read) == [f"{AT}.birthDate"]


def test_a_date_of_birth_stays_as_it_was_sent(reader: MessageReader) -> None:
    read = of(reader, birthDate="1985-13-40")
    assert (read.body["patient"]["birth_date"], read.findings) == ("1985-13-40", ())


def test_a_date_of_birth_may_be_declined(reader: MessageReader) -> None:
    message = a_message({})
    patient = message["entry"][2]["resource"]
    del patient["birthDate"]
    patient["_birthDate"] = {"extension": [DECLINED]}
    read = reader.message(message).read
    assert read.body["declined"] == ["patient.birth_date"]
    assert read.places["declined.0"] == f"{AT}.birthDate"


@pytest.mark.parametrize(
    ("gender", "code"), [("male", "1"), ("female", "2"), ("other", "9"), ("unknown", "X")]
)
def test_gender_is_read_by_the_words_of_the_vocabulary(
    reader: MessageReader, gender: str, code: str
) -> None:
    assert of(reader, gender=gender).body["patient"]["gender"] == code


@pytest.mark.parametrize("gender", ["F", 2, ["female"]])
def test_a_gender_that_is_not_known_is_left_out(reader: MessageReader, gender: Any) -> None:
    read = of(reader, gender=gender)
    assert "gender" not in read.body["patient"]
    assert warnings(read) == [f"{AT}.gender"]


@pytest.mark.parametrize("code", ["A", "Z", "99", "C3"])
def test_an_ethnic_category_is_read_of_any_coding_with_a_national_code(
    reader: MessageReader, code: str
) -> None:
    codings = [{"code": "2186-5"}, {"system": "urn:any", "code": code}]
    value = {"coding": codings}
    read = of(reader, extension=[{"url": ETHNIC, "valueCodeableConcept": value}])
    assert read.body["patient"]["ethnic_category"] == code
    assert read.places["patient.ethnic_category"] == f"{AT}.extension[0].value.coding[1]"


def test_another_ethnic_category_is_left_out(reader: MessageReader) -> None:
    value = concept("urn:any", "white")
    read = of(reader, extension=[{"url": ETHNIC, "valueCodeableConcept": value}])
    assert "ethnic_category" not in read.body["patient"]
    assert warnings(read) == [f"{AT}.extension[0]"]


def address(postcode: str | None, use: str, start: str = "", end: str = "") -> Resource:
    period = {"start": start, "end": end}
    return {"use": use, "postalCode": postcode, "period": period}


@pytest.mark.parametrize(
    ("addresses", "postcode"),
    [
        ([address("AA1 1AA", "work"), address("BB1 1BB", "home")], "BB1 1BB"),
        ([address("AA1 1AA", "old"), address("BB1 1BB", "temp")], "BB1 1BB"),
        ([address("AA1 1AA", "home", "2019"), address("BB1 1BB", "home", "2024")], "BB1 1BB"),
        ([address("AA1 1AA", "home", "2019", "2024"), address("BB1 1BB", "temp")], "BB1 1BB"),
        ([address(None, "home"), address("BB1 1BB", "work")], "BB1 1BB"),
        ([address("BB1 1BB", "home"), address("AA1 1AA", "home")], "BB1 1BB"),
    ],
)
def test_the_postcode_is_that_of_the_newest_home(
    reader: MessageReader, addresses: list[Resource], postcode: str
) -> None:
    assert of(reader, address=addresses).body["patient"]["postcode"] == postcode


def test_no_postcode_is_read_of_old_addresses_alone(reader: MessageReader) -> None:
    assert "postcode" not in of(reader, address=[address("AA1 1AA", "old")]).body["patient"]


def test_what_is_no_postcode_is_left_out(reader: MessageReader) -> None:
    read = of(reader, address=[address("22 Brightside Crescent", "home")])
    assert "postcode" not in read.body["patient"]
    assert warnings(read) == [f"{AT}.address[0].postalCode"]


@pytest.mark.parametrize("died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-01"}])
def test_that_somebody_has_died_is_told(reader: MessageReader, died: Resource) -> None:
    assert warnings(of(reader, **died)) == [f"{AT}.deceased"]


def test_that_somebody_has_not_died_is_not_told(reader: MessageReader) -> None:
    assert of(reader, deceasedBoolean=False).findings == ()


@pytest.mark.parametrize(("required", "found"), [(True, ["interpreter"]), (False, None)])
def test_an_interpreter_is_an_adjustment(
    reader: MessageReader, required: bool, found: list[str] | None
) -> None:
    read = of(reader, extension=[{"url": INTERPRETER, "valueBoolean": required}])
    assert read.body.get("answers", {}).get("adjustments") == found


def test_an_interpreter_stands_once_beside_other_adjustments(reader: MessageReader) -> None:
    entries = [own("adjustments", code) for code in ("evening", "interpreter")]
    item = {"linkId": "adjustments", "answer": [{"valueCoding": one} for one in entries]}
    extension = [{"url": INTERPRETER, "valueBoolean": True}]
    message = a_message({"veteran": True}, patient={"extension": extension})
    message["entry"][-1]["resource"]["item"].append(item)
    adjustments = reader.message(message).read.body["answers"]["adjustments"]
    assert sorted(adjustments) == ["evening", "interpreter"]
