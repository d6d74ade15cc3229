"""The training loop, and what it asks of whatever computes.

`loop` takes batches through a model; `engine` is all that it knows of the arithmetic, `plan` what
compile says. It stands on `callbacks` and `data`.
"""
