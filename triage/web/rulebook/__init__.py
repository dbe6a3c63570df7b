"""The rules as pages: to read, to print, to compare, and to sign."""

from triage.web.rulebook.blueprint import rulebook_blueprint

__all__ = ["rulebook_blueprint"]
