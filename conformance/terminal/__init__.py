"""What a person reads in a terminal: the matrix, progress, the gate, differences.

Nothing here decides anything.
"""
