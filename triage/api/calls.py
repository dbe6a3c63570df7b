"""A group of calls that describe themselves in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response
from flask_smorest import Blueprint

from triage.api.openapi import guarded

View = TypeVar("View", bound=Callable[..., Response])


class Calls(Blueprint):  # type: ignore[misc]
    """A blueprint whose views come with what the document says of them."""

    def call(self, method: str, path: str, doc: dict[str, Any]) -> Callable[[View], View]:
        """Serve a view at a path. Its docstring is the summary."""

        def serve(view: View) -> View:
            said = guarded(doc, f"{self.name}.{view.__name__}")
            self.route(path, methods=[method])(self.doc(**said)(view))
            return view

        return serve
