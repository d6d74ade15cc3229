"""Refusing what works here but is promised by no document, for programs that shall run anywhere."""
