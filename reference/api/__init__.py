"""The documented methods: what each argument means, checked before anything is changed.

`methods` has their signatures; `calls` turns the arguments of fit, evaluate and predict into
sources of batches for the training loop. It stands on `training`, `callbacks` and `data`, and on
nothing else of the reference.

Where an argument is dealt with: those of compile in `compiling`; numbers and switches in
`arguments`; validation_data, validation_steps and steps in `calls`; data, steps_per_epoch and what
is read by workers in the folder `data`; epochs, initial_epoch, validation_freq and reset_metrics in
`training.loop`; callbacks and verbose in the folder `callbacks`.
"""
