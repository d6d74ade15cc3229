"""What the operating system has to do with: files, interrupts, folders that are kept.

Nothing here knows of implementations or checks.
"""
