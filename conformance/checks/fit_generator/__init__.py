"""The checks of `fit_generator`.

A module for each argument or topic with several clauses; `test_method` has the rest.
"""
