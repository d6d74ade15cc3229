"""What the scripts in reports import: this name stays, wherever its parts lie."""

from fitspec.conformance.repro.conversation import converse  # noqa: F401 - a script needs it
from fitspec.conformance.vocabulary.models import *  # noqa: F403 - whatever a check builds
from fitspec.conformance.vocabulary.probes import *  # noqa: F403 - and what it hands over
from fitspec.conformance.vocabulary.samples import *  # noqa: F403 - and its data
