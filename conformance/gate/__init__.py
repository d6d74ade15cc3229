"""What is expected of an implementation, and whether a report is as expected.

Expectations are a file of reasons; a gate is open when nothing differs from it.
"""
