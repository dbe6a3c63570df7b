"""What is made once for all tests of one run, and is gone after them."""

from __future__ import annotations

from contextlib import ExitStack

KEPT = ExitStack()
