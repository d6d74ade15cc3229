"""A step that comes again, written down once and done again from the record.

`recorder` notes instructions; `simplify` makes a plan of them; `step` goes through it.
"""
