"""What was found, and the file that it is kept in.

A verdict for every clause and implementation; a report is whole, or it is refused.
"""
