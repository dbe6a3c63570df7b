"""Spans for OpenTelemetry: one for each request, named by its endpoint, with nothing of its caller.

Imported only where spans are asked for and the extra ``otel`` is installed. The spans of other
libraries leave by the same door and lose there whatever is not in the list of what is allowed.
"""

from __future__ import annotations

import os
import re
from time import perf_counter, time_ns

from flask import Flask, Response, request
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from triage.api.requests import BEGUN, told_of

SERVICE = "referral-triage"
"""The name of the service, unless OTEL_SERVICE_NAME gives another."""

ALLOWED = frozenset(
    {
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "triage.request_id",
        "triage.role",
    }
)
"""The attributes that leave. What fills in an address, queries and headers do not."""

_NAME = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}")

SERVER_ERRORS = 500


def trace_requests(app: Flask) -> None:
    """Send a span for each request that an app answers. Called in each worker, before its first.

    The standard names of the environment say where to: OTEL_EXPORTER_OTLP_ENDPOINT and the like.
    """
    name = os.environ.get("OTEL_SERVICE_NAME", SERVICE)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(Cleaned(BatchSpanProcessor(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    tracer = provider.get_tracer("triage")

    @app.after_request
    def _span(answer: Response) -> Response:
        span_of(tracer, answer)
        return answer


def span_of(tracer: Tracer, answer: Response) -> None:
    """Make the span of the request that is being answered."""
    told, ended = told_of(answer), time_ns()
    begun = ended - int((perf_counter() - request.environ[BEGUN]) * 1e9)
    attributes = {
        "http.request.method": told["method"],
        "http.response.status_code": told["status"],
        "triage.request_id": told["request_id"],
    }
    if "role" in told:
        attributes["triage.role"] = told["role"]
    if request.url_rule:
        attributes["http.route"] = request.url_rule.rule
    span = tracer.start_span(
        told["endpoint"], _parent(), SpanKind.SERVER, attributes, start_time=begun
    )
    if answer.status_code >= SERVER_ERRORS:
        span.set_status(StatusCode.ERROR)
    span.end(ended)


def _parent() -> Context:
    """Whose span this one is part of, as the caller says. Nothing else of it is passed on."""
    header = request.environ.get("HTTP_TRACEPARENT", "")
    return TraceContextTextMapPropagator().extract({"traceparent": header}, Context())


class Cleaned(SpanProcessor):
    """Hands on of each span what is allowed to leave, and nothing else."""

    def __init__(self, inner: SpanProcessor) -> None:
        self._inner = inner

    def on_end(self, span: ReadableSpan) -> None:
        """Hand on a span that has ended."""
        self._inner.on_end(cleaned(span))

    def shutdown(self) -> None:
        """Send what waits, then stop."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits."""
        return self._inner.force_flush(timeout_millis)


def cleaned(span: ReadableSpan) -> ReadableSpan:
    """The same span without events, links, words of errors, and attributes that are not allowed."""
    attributes = span.attributes or {}
    return ReadableSpan(
        name=span.name if _NAME.fullmatch(span.name) else "other",
        context=_without_state(span.context),
        parent=_without_state(span.parent),
        resource=span.resource,
        attributes={name: attributes[name] for name in attributes if name in ALLOWED},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _without_state(one: SpanContext | None) -> SpanContext | None:
    if one is None:
        return None
    return SpanContext(one.trace_id, one.span_id, one.is_remote, one.trace_flags)
