"""The pytest plugin by the name that ``pytest -p`` has been given since the first version."""

from fitspec.conformance.running.plugin import *  # noqa: F403 - all hooks of it
