"""Models: `model` has the documented methods, `sequential` stacks of layers."""
