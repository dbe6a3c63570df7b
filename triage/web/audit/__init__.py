"""The audit desk: decisions found, figures, the log proved, and other rulebooks tried."""

from triage.web.audit.books import candidates_folder
from triage.web.audit.desk import audit_blueprint

__all__ = ["audit_blueprint", "candidates_folder"]
