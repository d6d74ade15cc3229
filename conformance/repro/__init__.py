"""Scripts that show a finding, in plain Keras or in the words of fitspec.

A check is gone through again with recorded answers, to know where each value came from.
"""
