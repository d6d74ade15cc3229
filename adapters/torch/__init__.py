"""Adapters of what trains modules of PyTorch, each in its own words."""
