"""The checks of the R functions.

A module for each argument or topic with several clauses; `test_method` has the rest.
"""
