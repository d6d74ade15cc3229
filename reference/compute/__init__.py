"""The same arithmetic, faster, and on a GPU.

What comes again is recorded once and gone through again; on a device it becomes graphs.
"""
