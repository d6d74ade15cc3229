"""What several checks arrange alike: batches that can be told apart, streams, weights.

A check says what is asked; how it can be seen is said here once.
"""
