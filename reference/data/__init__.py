"""Data as users give them, on their way to batches.

Arrays, dicts, generators and Sequences come in; `sources` gives the batches of one epoch after
another. It stands on nothing else of the reference.
"""
