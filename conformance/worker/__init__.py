"""The process of an implementation, and the conversation with it.

`session` asks, `process` keeps the pipes and the end, `remote` is what answers become.
"""
