"""The probes: models, data sources, callbacks and losses, described as data.

A worker builds them in the classes of an implementation; nothing here runs anything.
"""

from fitspec.conformance.vocabulary.probes import *  # noqa: F403 - as scripts in older reports import them
