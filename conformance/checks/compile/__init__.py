"""The checks of `compile`.

A module for each argument or topic with several clauses; `test_method` has the rest.
"""
