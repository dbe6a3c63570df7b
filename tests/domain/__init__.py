"""What is worked out from a referral in plain Python."""
