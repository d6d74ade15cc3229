"""The checks of `train_on_batch`.

A module for each argument or topic with several clauses; `test_method` has the rest.
"""
