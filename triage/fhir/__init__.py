"""Referrals and decisions as FHIR R4: read from what GP systems send, written as they expect it."""
