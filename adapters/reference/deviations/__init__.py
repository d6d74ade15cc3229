"""Deviations: named changes of the reference, each what some implementation does.

`adapters/tables/deviations.toml` says of each what differs, in which clauses, by which
implementations and where in their sources; here is what it takes to do the same. A module has the
deviations of one topic, and `planting` is what they are made with.
"""
