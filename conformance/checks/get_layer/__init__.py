"""The checks of `get_layer`.

All are about the method itself, a clause each, and stand in `test_method`.
"""
