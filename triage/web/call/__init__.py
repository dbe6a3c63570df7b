"""The call: what is asked while a person talks, what the rules say so far, and how it ends."""

from triage.web.call.calls import calls_blueprint

__all__ = ["calls_blueprint"]
