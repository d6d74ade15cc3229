"""By its old place: what the scripts in older reports import."""

from fitspec.conformance.vocabulary.models import *  # noqa: F403 - all of it
