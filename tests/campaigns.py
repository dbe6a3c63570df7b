"""How much of a long campaign is run: all of it by ``make prove``, else a tenth.

The environment variable ``PROVE`` says which share, from 0 to 1. Campaigns draw from seeds that
count up from nought, so a tenth is the first tenth of the whole.
"""

from __future__ import annotations

import os
from math import ceil

TENTH = "0.1"


def share(full: int) -> int:
    """How many of ``full`` things to try now; at least one."""
    return max(1, ceil(full * float(os.environ.get("PROVE", TENTH))))
