"""What triage is, in plain Python: referrals, rules and decisions. Standard library only."""
