"""What a browser may load for a page that holds its own style."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


def policy_of(html: str) -> str:
    """The policy of a page that holds its own style: that style, its forms, and nothing else."""
    (style,) = _STYLE.findall(html)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
