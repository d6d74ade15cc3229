"""One engine behind three doors: the command, the pytest plugin and a function.

Checks are run on implementations, verdicts are collected, a report is the result.
"""
