"""Interpreters and packages for implementations, made once and kept.

`environment` brings them together; `doctor` says what is missing here.
"""
