"""The documented methods: what each argument means, checked before anything is changed.

`methods` has their signatures; `calls` turns the arguments of fit, evaluate and predict into
sources of batches for the training loop. It stands on `training`, `callbacks` and `data`, and on
nothing else of the reference.
"""
