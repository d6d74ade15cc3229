"""Which versions of a package there are, as the package index of the user tells pip or npm."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Final

from packaging.version import InvalidVersion, Version

from fitspec.conformance.environments.building import redacted
from fitspec.conformance.environments.npm import errors, find_npm
from fitspec.conformance.environments.pip import complaint

_LINE: Final = re.compile(r"^Available versions: (?P<versions>.+)$", re.MULTILINE)


def released(package: str, python: str | None = None) -> list[Version]:
    """Return the versions of a package, from the oldest to the newest, without those before one.

    Args:
        package: its name.
        python: the Python that they are to be for, as `X.Y`; None: that which runs.

    Raises:
        RuntimeError: pip does not know any.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "index"]
    command += ["versions", package]
    command += [f"--python-version={python}"] if python is not None else []
    done = _run(command)
    told = _LINE.search(done.stdout)
    if told is None:
        reason, _ = complaint((done.stdout + done.stderr).splitlines())
        raise RuntimeError(f"pip does not tell the versions of {package}: {redacted(reason)}")
    return sorted(filter(None, map(_version, told["versions"].split(","))))


def released_by_npm(package: str) -> list[Version]:
    """Return the versions of a package of npm, from the oldest to the newest, as above.

    Raises:
        Unavailable: npm is not on this machine.
        RuntimeError: npm does not know any.
    """
    done = _run([find_npm(), "view", package, "versions", "--json"])
    if done.returncode != 0:
        reason = "; ".join(errors(done.stderr.splitlines())) or "it does not say why"
        raise RuntimeError(f"npm does not tell the versions of {package}: {redacted(reason)}")
    told = json.loads(done.stdout)
    # Of one it tells that alone.
    return sorted(filter(None, map(_version, [told] if isinstance(told, str) else told)))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def _version(text: str) -> Version | None:
    try:
        version = Version(text.strip())
    except InvalidVersion:
        return None
    return None if version.is_prerelease else version
