"""What differs between two sides, why, and when it began.

The same comparison serves the terminal, the pages and the documents.
"""
