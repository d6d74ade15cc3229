"""The command `fitspec`: a module for each of its larger commands.

`main` has the options and the exit statuses.
"""
