"""Needs a package that is not there."""

import a_package_that_is_nowhere  # type: ignore[import-not-found]  # noqa: F401  that is the point
