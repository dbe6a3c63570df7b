"""The rules of a rulebook, run on durable-rules in the one way that was found to be safe.

This is the only module that knows durable-rules. It drives the C engine directly and never its
``Host``, whose background threads lose rules and crash under load. The hazards it keeps out:

* One constant session and message id under one lock, retracted after every run: nothing of one
  referral is ever seen by the next, and no table of sessions fills up.
* Every rule carries a guard, so that the engine's own bookkeeping facts fire nothing.
* Every shard has a sentinel that always fires. A shard without it did not run, and that is an
  ``EngineError``, never "no rule fired".
* No more than ``MOST_TRUE`` of a shard's alternatives can be true at once, below the 64 at which
  the engine gives up; what excludes what is read off the conditions themselves.
* Each way a rule can be true is an engine rule of its own, so no rule fires twice and it is known
  which branch was true.
* The engine sees whole numbers only: choices by their place in the vocabulary, yes as 1, a listed
  word as a 1 of its own. So its loose comparison of types, its 16-bit string lengths and its
  reading of exponents never come into play. No patterns, no arithmetic, no nested values.
* Names are told apart by a 32-bit hash in the engine: names whose hashes meet are refused. Facts
  go by short names of our own making there, which also keeps its messages small.
"""

from triage.engine.engine import Engine

__all__ = ["Engine"]
