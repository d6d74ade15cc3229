"""What programs written for Keras 2.3 use beside the documented methods and a network.

It is put where such programs look for it, by `reference/__init__.py`: a network works without.
"""
