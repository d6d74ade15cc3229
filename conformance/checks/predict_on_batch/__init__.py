"""The checks of `predict_on_batch`.

All are about the method itself, a clause each, and stand in `test_method`.
"""
