"""Which implementations there are, and what it takes to run each.

They are found by name, by version, by entry point or by the path of an adapter.
"""
