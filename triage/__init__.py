"""Referral triage and routing for NHS mental-health care, with its full reasoning."""
