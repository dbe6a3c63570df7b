"""Tests of ``triage.verify.proofs``: each promise is broken, and the proof of it finds that."""
