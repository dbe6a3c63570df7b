"""Tests that are made from the rules: what to try, what must come out, and what the tests notice.

The diagrams say which referrals a rule turns on; the engine says what is decided of them; the pack
is written only where both agree. It is plain data, so that anything that keeps the contract can be
tested with it.
"""

from triage.verify.packs.pack import Pack, Test, pack_in, written
from triage.verify.packs.running import Broken, broken
from triage.verify.packs.scoring import Score, score
from triage.verify.packs.writing import pack_of

__all__ = ["Broken", "Pack", "Score", "Test", "broken", "pack_in", "pack_of", "score", "written"]
