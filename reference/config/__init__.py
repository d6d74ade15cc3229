"""What objects are called, and how they are written down and made again.

Names in compile and layers, and the configurations in files, are found in the same way.
"""
