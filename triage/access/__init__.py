"""Who may do what: tokens, roles, sign-in. A call that is not in its table cannot be served."""

from triage.access.calling import caller_of_request, only_own
from triage.access.gate import SignInPages, guard
from triage.access.settings import check_access, prepare_access

__all__ = [
    "SignInPages",
    "caller_of_request",
    "check_access",
    "guard",
    "only_own",
    "prepare_access",
]
