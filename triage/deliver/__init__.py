"""Tells referrers what was decided: takes what waits in the outbox, and delivers it.

Every delivery is made at least once, and carries the same id each time.
"""
