"""Spans leave only where they are asked for, and with nothing of who called."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState

from tests.operations.collector import collecting
from tests.running import running
from triage.api.examples import REFERRAL
from triage.tracing import ALLOWED, Cleaned

OWN_ID = "60e0b220-8136-4ca5-ae46-1d97ef59d068"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_every_request_is_a_span_of_its_callers_trace() -> None:
    with collecting() as collector:
        with running("--workers", "2", environment=collector.environment) as service:
            sent = {
                "X_Request_Id": OWN_ID,
                "traceparent": f"00-{TRACE}-{PARENT}-01",
                "tracestate": "who=Smith",
                "baggage": "nhs=9990000026",
            }
            service.ask("GET", "/v1/rulebook/9990000026?nhs=9990000026", None, **sent)
            service.triage(REFERRAL)
            service.ask("GET", "/9990000026")
            assert "tracing_on" in {line["event"] for line in service.lines()}
        spans = {span.name: span for span in collector.spans()}
    assert spans.keys() == {"rules.rulebook_by_digest", "triage.decide", "none"}
    one = spans["rules.rulebook_by_digest"]
    assert (one.trace_id.hex(), one.parent_span_id.hex()) == (TRACE, PARENT)
    told = {each.key: each.value.string_value or each.value.int_value for each in one.attributes}
    assert told == {
        "http.request.method": "GET",
        "http.response.status_code": 404,
        "http.route": "/v1/rulebook/<digest>",
        "triage.request_id": OWN_ID,
        "triage.role": "developer",
    }
    assert told.keys() == ALLOWED
    assert one.end_time_unix_nano > one.start_time_unix_nano
    everything = b"".join(collector.bodies)
    assert not any(word in everything for word in (b"9990000026", b"Smith"))


def test_no_span_is_made_where_none_is_asked_for() -> None:
    with running("--workers", "1") as service:
        service.triage(REFERRAL)
        assert "tracing_on" not in {line["event"] for line in service.lines()}


@pytest.fixture
def sent() -> Callable[..., ReadableSpan]:
    """Gives what is left of a span that some library makes."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Cleaned(SimpleSpanProcessor(kept)))

    def send(name: str) -> ReadableSpan:
        state = TraceState([("who", "smith")])
        elsewhere = SpanContext(1, 2, is_remote=True, trace_flags=TraceFlags(1), trace_state=state)
        span = provider.get_tracer("library").start_span(
            name,
            attributes={"http.target": "/?nhs=9990000026", "http.request.method": "GET"},
            links=[Link(elsewhere, {"who": "Smith"})],
        )
        span.add_event("said", {"words": "9990000026"})
        span.record_exception(ValueError("9990000026"))
        span.set_status(Status(StatusCode.ERROR, "9990000026"))
        span.end()
        (found,) = kept.get_finished_spans()
        return found

    return send


@pytest.mark.parametrize("name", ["GET /v1/decisions/9990000026", "SELECT", "Jane Smith"])
def test_of_the_spans_of_libraries_only_what_is_allowed_is_left(
    sent: Callable[..., ReadableSpan], name: str
) -> None:
    found = sent(name)
    assert found.name == "other"
    assert dict(found.attributes or {}) == {"http.request.method": "GET"}
    assert found.status.status_code is StatusCode.ERROR
    told = found.to_json()
    assert not any(word in told for word in ("9990000026", "Smith", "smith", "SELECT"))
