"""Faults that are put into the shipped rules, drawn by a seed; each is shown to be one beforehand.

What shows it is the plain reader of the rule files, on whole referrals: never a diagram.
"""
