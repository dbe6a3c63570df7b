"""What a referrer gets by each channel: the very delivery, signed, of the referral as it stands."""

from __future__ import annotations

import hmac
import json
import re
import time
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from tests.deliver.conftest import DeskBy
from tests.deliver.desk import SECRET, Desk
from tests.deliver.receiving import Received, receiving, status
from tests.outbox.entries import rows
from tests.recorded import CLINICIAN
from triage.deliver.channels import signed
from triage.recording import decision_of
from triage.store.deliveries import Channel, delivery_id
from triage.store.entries import Kind, NewEntry

DOCUMENT = Path(__file__).parents[2] / "docs" / "delivering.md"


def received_by(desk_by: DeskBy, channel: Channel) -> tuple[Desk, str, Received]:
    """One referral told by a channel: the desk, the decision's id, and what came."""
    with receiving() as receiver:
        desk = desk_by(channel, f"{receiver.url}/fhir/$process-message")
        (decision,) = desk.refer()
        assert desk.delivered_once() == {"delivered": 1}
        (came,) = receiver.received
    return desk, decision, came


def test_a_webhook_gets_the_decision_as_it_was_sent_and_plain_words(desk_by: DeskBy) -> None:
    desk, decision, came = received_by(desk_by, Channel.WEBHOOK)
    recorded = desk.log.recorded(decision)
    assert recorded is not None
    body = came.json
    assert body["decision"] == json.loads(decision_of(recorded))
    assert body["delivery_id"] == delivery_id(decision, "webhook")
    assert (body["decision_id"], body["sequence"], body["kind"]) == (decision, 1, "decision")
    assert body["standing"]["route"] == body["decision"]["route"]["id"]
    assert body["standing"]["by"] == "decision"
    assert body["cancelled"] is None
    assert body["told"] == f"The referral goes to {body['decision']['route']['team']['name']}."
    assert came.headers["content-type"] == "application/json"
    assert came.headers["x-triage-delivery"] == body["delivery_id"]


def test_a_webhook_is_signed_with_the_time_at_which_it_was_sent(desk_by: DeskBy) -> None:
    _, _, came = received_by(desk_by, Channel.WEBHOOK)
    at = came.headers["x-triage-timestamp"]
    assert abs(int(at) - time.time()) < 60
    expected = hmac.new(SECRET.encode(), at.encode() + b"." + came.body, sha256).hexdigest()
    assert came.headers["x-triage-signature"] == f"v1={expected}"


def example() -> str:
    """How a receiver checks a signature, as the document shows it."""
    (found,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def test_the_example_of_the_document_knows_what_is_from_us(desk_by: DeskBy) -> None:
    _, _, came = received_by(desk_by, Channel.WEBHOOK)
    assert len(example().splitlines()) <= 12
    there: dict[str, object] = {}
    exec(example(), there)  # noqa: S102 (it is what the document says)
    is_ours, now = there["is_ours"], int(came.headers["x-triage-timestamp"])
    assert callable(is_ours)

    def known(body: bytes = came.body, secret: bytes = SECRET.encode(), later: int = 0) -> object:
        return is_ours(secret, came.headers, body, now + later)

    assert known() is True
    assert known(later=299) is True
    assert known(later=301) is False
    assert known(later=-301) is False
    assert known(came.body + b" ") is False
    assert known(secret=b"another") is False
    headers = {**came.headers, "x-triage-signature": "v1=00"}
    assert is_ours(SECRET.encode(), headers, came.body, now) is False


def test_a_signature_holds_for_one_body_at_one_time() -> None:
    found = {signed(b"s", body, at)["X-Triage-Signature"] for body in (b"a", b"b") for at in (1, 2)}
    assert len(found) == 4


def test_a_message_is_the_bundle_with_ids_by_which_to_follow_it(desk_by: DeskBy) -> None:
    _, decision, came = received_by(desk_by, Channel.MESSAGE)
    sent = delivery_id(decision, "message")
    assert came.path == "/fhir/$process-message"
    assert came.json["id"] == sent
    assert came.headers["content-type"] == "application/fhir+json; version=1.0.0"
    assert came.headers["x-correlation-id"] == sent
    assert UUID(came.headers["x-request-id"]) != UUID(sent)


def test_each_attempt_has_a_request_id_of_its_own_and_the_same_correlation_id(
    desk_by: DeskBy,
) -> None:
    with receiving(status(500), status(500)) as receiver:
        desk = desk_by(Channel.MESSAGE, receiver.url)
        desk.refer()
        for _ in range(3):
            desk.delivered_once()
            desk.retry()
        requests, correlations = receiver.ids("X-Request-Id"), receiver.ids("X-Correlation-Id")
    assert (len(set(requests)), len(set(correlations)), len(requests)) == (3, 1, 3)
    assert len({one.body for one in receiver.received}) == 1


def test_a_receiver_of_messages_that_has_it_already_has_it(desk_by: DeskBy) -> None:
    with receiving(status(409)) as receiver:
        desk = desk_by(Channel.MESSAGE, receiver.url)
        desk.refer()
        assert desk.delivered_once() == {"delivered": 1}


def test_a_webhook_that_is_in_conflict_is_tried_again(desk_by: DeskBy) -> None:
    with receiving(status(409)) as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer()
        assert desk.delivered_once() == {"failed": 1}


def test_a_letter_lies_in_the_folder_under_the_id_of_its_delivery(desk: Desk) -> None:
    (decision,) = desk.refer()
    assert desk.delivered_once() == {"delivered": 1}
    written = delivery_id(decision, "letter")
    assert {one.name for one in desk.letters.iterdir()} == {f"{written}.html", f"{written}.pdf"}
    assert b"The referral goes to" in (desk.letters / f"{written}.html").read_bytes()


def test_a_secret_that_is_gone_is_waited_for(desk_by: DeskBy) -> None:
    with receiving() as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        desk.refer()
        (desk.folder / "shared.secret").chmod(0o644)
        assert desk.delivered_once() == {"failed": 1}
        assert desk.state() == [("waiting", 1, "no_secret")]
        assert receiver.received == []
        (desk.folder / "shared.secret").chmod(0o600)
        desk.retry()
        assert desk.delivered_once() == {"delivered": 1}


@pytest.mark.parametrize("channel", [Channel.MESSAGE, Channel.WEBHOOK])
def test_who_is_told_otherwise_by_now_is_not_told_the_old_way(
    desk_by: DeskBy, channel: Channel
) -> None:
    desk_by(channel, "https://old.example.org/").refer()
    other = desk_by(Channel.LETTER, None)
    assert other.delivered_once() == {"given_up": 1}
    assert other.state() == [("dead", 1, "no_receiver")]


def test_a_letter_is_written_to_whoever_is_told_otherwise_by_now(
    desk: Desk, desk_by: DeskBy
) -> None:
    desk.refer()
    assert desk_by(Channel.WEBHOOK, "https://new.example.org/").delivered_once() == {"delivered": 1}


def test_what_is_told_is_the_referral_as_it_stands_when_it_is_told(desk_by: DeskBy) -> None:
    with receiving() as receiver:
        desk = desk_by(Channel.WEBHOOK, receiver.url)
        (decision,) = desk.refer()
        override = {
            "route": "cmht",
            "urgency": "urgent",
            "reason": "clinical_judgement",
            "lowers": False,
            "from": {"route": "iapt_step_2", "urgency": "routine"},
            "team": {"id": "another", "name": "Another Team"},
            "respond_by": "2026-11-26T12:00:00Z",
        }
        told = NewEntry(Kind.OVERRIDE, CLINICIAN, override, decision, deliveries=("webhook",))
        desk.log.append(told)
        parts = {"status": "revoked"}
        taken_back = NewEntry(
            Kind.CANCELLATION, CLINICIAN, parts, decision, deliveries=("webhook",)
        )
        desk.log.append(taken_back)
        assert desk.delivered_once() == {"delivered": 3}
        bodies = sorted((one.json for one in receiver.received), key=lambda body: body["sequence"])
    assert [body["kind"] for body in bodies] == ["decision", "override", "cancellation"]
    assert {body["decision_id"] for body in bodies} == {decision}
    assert {body["standing"]["team"]["name"] for body in bodies} == {"Another Team"}
    assert {body["cancelled"] for body in bodies} == {"revoked"}
    assert len({body["delivery_id"] for body in bodies}) == 3
    assert [row.state for row in rows(desk.log.database)] == ["delivered"] * 3
