"""Whole decisions: a referral in, a route out."""
