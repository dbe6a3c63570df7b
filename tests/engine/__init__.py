"""The rules on durable-rules, and every hazard of it that could reach us."""
