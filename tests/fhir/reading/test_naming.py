"""What a finding repeats of a message is never a number or a date of a patient."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns import share
from triage.fhir.reading.elements import Coding
from triage.fhir.reading.naming import masked, named_code, named_link, named_url

NUMBERS = [
    "9990000026", "9990000027", "0123456789", "999-000-0026", "999 000 0026", "999_000_0026",
    "07700900123", "999--000--0026", "999%20000%200026", "1068601000000105",
]  # fmt: skip

DATES = [
    "1985-02-01", "1985-02", "01-02-1985", "1-2-85", "19850201", "01021985", "1985/2/1",
    "1985.02.01", "01.02.85", "1Feb1985", "01-FEB-85", "1_february_1985", "1985%2001%2002",
]  # fmt: skip

PLAIN = [
    "44261-6", "720433000", "443280005", "83482000", "LA6568-5", "69725-0", "phq9_items.9",
    "urn:oid:2.16.840.1.113883.6.1", "http://snomed.info/sct", "F32.1", "H1/T1/Q9",
    "https://example.fhir.nhs.uk/Questionnaire/T2DRiskForm", "http://hl7.org/fhir/sid/icd-10",
]  # fmt: skip


@pytest.mark.parametrize("text", [*NUMBERS, *DATES])
@pytest.mark.parametrize("around", ["{}", "a{}b", "x-{}-y", "https://x.example/{}/z"])
def test_what_could_be_a_number_or_a_date_of_a_patient_is_masked(text: str, around: str) -> None:
    assert text not in masked(around.format(text))
    for said in (
        named_code(Coding("urn:x", around.format(text), "", "")),
        named_code(Coding(f"urn:x:{text}", "1", "", "")),
        named_link(around.format(text)),
        named_url(f"https://x.example/{text}") or "",
    ):
        assert text not in said


@pytest.mark.parametrize("text", PLAIN)
def test_codes_and_addresses_are_repeated_as_they_are(text: str) -> None:
    assert masked(text) == text


@settings(max_examples=share(2_000), deadline=None)
@given(
    digits=st.lists(st.sampled_from("0123456789"), min_size=10, max_size=16),
    between=st.lists(st.sampled_from(["", "", "-", " ", "_", "+"]), min_size=16, max_size=16),
    before=st.text("ab:/.", max_size=5),
)
def test_no_ten_digits_in_a_row_are_ever_repeated(
    digits: list[str], between: list[str], before: str
) -> None:
    text = before + "".join(
        digit + apart for digit, apart in zip(digits, between, strict=False)
    ).rstrip("-_ +")
    assert not any(one.isdigit() for one in masked(text))
