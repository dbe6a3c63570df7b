"""Command groups that import a verb only when it is asked for, so that each starts quickly."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from triage.errors import TangledError


class Verbs(click.Group):
    """A group whose verbs stand in a table: the name, then ``module:attribute``."""

    def __init__(self, *, verbs: Mapping[str, str], **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]
        self._verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The verbs, in the order of the table."""
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The verb of that name, imported now."""
        where = self._verbs.get(cmd_name)
        if where is None:
            return None
        module, _, attribute = where.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb. Rules that can be read but not walked are told like rules that cannot."""
        try:
            return super().invoke(ctx)
        except TangledError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
