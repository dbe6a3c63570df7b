"""The page that says who is signed in, or that nobody is any more."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from triage.domain.caller import Caller, Role
from triage.pages.page import templates

TITLES = {
    Role.GP_SYSTEM: "a GP system",
    Role.CALL_HANDLER: "a call handler",
    Role.CLINICIAN: "a clinician",
    Role.AUDITOR: "an auditor",
    Role.OPERATOR: "an operator",
    Role.DEVELOPER: "a developer",
}

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


def sign_in_page(caller: Caller | None, form: str) -> tuple[str, str]:
    """The page for a caller, or for nobody, and its policy: what a browser may load for it.

    ``form`` is what the form on it sends back.
    """
    title = TITLES[caller.role] if caller else None
    html = templates().get_template("sign_in.html.j2").render(title=title, form=form)
    return html, policy_of(html)


def policy_of(html: str) -> str:
    """The policy of a page that holds its own style: that style, its forms, and nothing else."""
    (style,) = _STYLE.findall(html)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
