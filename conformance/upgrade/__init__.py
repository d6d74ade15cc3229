"""What changes for a program that goes from one implementation to another.

A program is read, never imported or run: `sources` finds its files and cells, `names` and `models`
tell what in them is a model, `calls` what reaches the arguments of its methods. `findings` holds
the calls against what differs between two sides.
"""
