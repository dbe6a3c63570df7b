from __future__ import annotations

from typing import Any

from triage.fhir.r4 import faults_of

HEADER = {
    "resourceType": "MessageHeader",
    "eventUri": "urn:x",
    "source": {"endpoint": "urn:x"},
}
PATIENT = {"resourceType": "Patient"}


def told(*entries: Any, type_: str = "message") -> list[str]:
    bundle = {"resourceType": "Bundle", "type": type_, "entry": list(entries)}
    return [f"{one.code} {one.expression} {one.says}" for one in faults_of(bundle, "Bundle")]


def test_the_first_entry_of_a_message_is_its_header() -> None:
    says = "invariant Bundle.entry must have the MessageHeader of the message as the first (bdl-12)"
    assert told({"resource": HEADER}, {"resource": PATIENT}) == []
    assert told({"resource": PATIENT}, {"resource": HEADER}) == [says]
    assert told({"resource": PATIENT}, type_="collection") == []
    bare = {"resourceType": "Bundle", "type": "message"}
    assert [one.code for one in faults_of(bare, "Bundle")] == ["invariant"]


def test_each_entry_has_an_address_of_its_own() -> None:
    header, twice = (
        {"fullUrl": "urn:a", "resource": HEADER},
        {"fullUrl": "urn:a", "resource": PATIENT},
    )
    says = (
        "invariant Bundle.entry[1].fullUrl must be an address of its own,"
        " not that of Bundle.entry[0] (bdl-7)"
    )
    assert told(header, twice) == [says]
    assert told(header, {**twice, "fullUrl": "urn:b"}) == []


def test_versions_of_one_resource_share_an_address() -> None:
    versions = [
        {"fullUrl": "urn:a", "resource": {**PATIENT, "meta": {"versionId": version}}}
        for version in ("1", "2")
    ]
    assert told(*versions, type_="collection") == []
    assert told(versions[0], versions[0], type_="history") == []


def test_an_entry_holds_a_resource_or_what_was_asked_or_answered() -> None:
    says = "invariant Bundle.entry[0] needs a resource (bdl-5)"
    assert told({"fullUrl": "urn:a"}, type_="collection") == [says]
    assert told({"response": {"status": "204"}}, type_="batch-response") == []


def test_a_resource_in_place_of_an_entry_is_told_in_one_sentence() -> None:
    assert told({"resource": HEADER}, {**PATIENT, "id": "1", "gender": "female"}) == [
        (
            "structure Bundle.entry[1] has a resource among its own elements;"
            ' put it under the name "resource"'
        )
    ]


def test_rules_hold_for_a_bundle_inside_a_bundle() -> None:
    inner = {"resourceType": "Bundle", "type": "message", "entry": [{"resource": PATIENT}]}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    (fault,) = faults_of(bundle, "Bundle")
    assert fault.expression == "Bundle.entry[0].resource.entry"


def test_entries_of_any_shape_are_looked_at() -> None:
    entries: list[Any] = [None, 5, "x", {}, [[]], [{"fullUrl": []}], [{"resource": 5}]]
    for entry in entries:
        bundle = {"resourceType": "Bundle", "type": "message", "entry": entry}
        assert "invariant" in [one.code for one in faults_of(bundle, "Bundle")]
