"""Data as users give them, on their way to batches.

Arrays, dicts, generators and Sequences come in; `sources` gives the batches of one epoch after
another. It stands on nothing else of the reference.

Where an argument is dealt with: x and y in `columns` and `feeding`; sample_weight and class_weight
in `sample_weights`; batch_size and shuffle in `batch_order`; steps_per_epoch, steps and
validation_steps, once checked, in `sources`; validation_split in `batches`;
max_queue_size and workers in `prefetch`, the queue; use_multiprocessing in `worker_processes`.
"""
