"""Recorded decisions written as resources of R4, and referrals as messages."""
