"""People come in here: the call, the decision, the audit desk and the rules, as pages.

Every page works without scripts; what scripts there are come from here and from nowhere else.
"""
