"""What a check consists of: its mark, its claims, and laws over many arguments.

Nothing here knows what is checked.
"""
