"""A script that shows a deviation in an implementation's own API, and needs nothing of fitspec."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from fitspec import spec
from fitspec.conformance.report.telling import told
from fitspec.conformance.report.verdicts import Verdict
from fitspec.conformance.repro import native_recipe
from fitspec.conformance.repro.keras_dialects import dialect_of
from fitspec.conformance.repro.keras_source import KerasSource, NotSpelled
from fitspec.conformance.repro.native_calls import Calls, Conclusion
from fitspec.conformance.repro.native_conclusions import absent, error, read_off, timeout
from fitspec.conformance.repro.scripts import docstring
from fitspec.conformance.worker.remote import Events
from fitspec.conformance.worker.transcript import events_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.report.verdicts import Finding
    from fitspec.conformance.worker.session import Identity
    from fitspec.conformance.worker.transcript import Request


def native_script(
    finding: Finding,
    requests: Sequence[Request],
    implementation: Implementation,
    identity: Identity,
) -> str:
    """Return a script that shows what a finding says, ended by a newline.

    It exits with 1 if the deviation shows, with 0 if it does not, and with 2 if something else
    goes wrong.

    Args:
        finding: with a verdict that is no pass.
        requests: that the check made, with what came of them.
        implementation: whom they went to.
        identity: who answered, in which dialect, with which names of its own.

    Raises:
        ValueError: it cannot be shown in this way, with the reason.
    """
    dialect = dialect_of(implementation.name, identity)
    conclusion = _conclusion(finding, requests)
    every = Events(tuple(event for request in requests for event in events_of(request)))
    writer = KerasSource(dialect, identity.renames, conclusion.noted, every)
    writer.idle = finding.verdict is Verdict.ABSENT
    calls = Calls(requests, writer, conclusion)
    body = [*calls.lines(), *conclusion.lines(calls)]
    heading = _heading(finding, implementation)
    return assembled(heading, implementation, identity.imports, writer, body, _EXCEPTHOOK, _ENDING)


def _conclusion(finding: Finding, requests: Sequence[Request]) -> Conclusion:
    match finding.verdict:
        case Verdict.FAIL:
            return read_off(finding, requests)
        case Verdict.ERROR:
            return error(finding, requests)
        case Verdict.ABSENT:
            return absent(finding, requests)
        case Verdict.TIMEOUT:
            return timeout(finding, requests)
        case Verdict.BLOCKED:
            raise NotSpelled(f"{finding.clause}: nothing was tried, for {finding.observed}")
        case Verdict.CRASH:
            raise NotSpelled(f"{finding.clause}: the process died, and a script would with it")
        case _:
            raise NotSpelled(f"{finding.clause}: there is nothing to show: {finding.verdict}")


def assembled(  # noqa: PLR0913, PLR0917  the parts of a script
    heading: Sequence[str],
    implementation: Implementation,
    imports: str,
    writer: KerasSource,
    body: Sequence[str],
    before: str,
    ending: str,
) -> str:
    """Return a script that needs nothing of fitspec.

    Args:
        heading: the lines of its docstring.
        implementation: which it is about.
        imports: the statements that make its names known.
        writer: which has written the body, and knows what that needs.
        body: the lines of the function `main`.
        before: what is in effect before the implementation is imported; it may be empty.
        ending: what calls `main`.
    """
    definitions = "\n\n\n".join(writer.definitions.values())
    main = textwrap.indent("\n".join(body), "    ")
    surroundings = native_recipe.surroundings(implementation)
    code = "\n".join([definitions, main, *surroundings, before, ending])
    modules = set(writer.modules)
    modules |= {name for name in _MODULES if re.search(rf"\b{name}\.", code)}
    third = {"h5py"} & modules
    parts = [
        docstring(heading),
        native_recipe.block(implementation),
        "\n".join(f"import {name}" for name in sorted(modules - third)),
        f"\n{before}" if before else "",
        "\n".join(surroundings),
        "\n".join(
            [
                *(f"import {name}" for name in sorted(third)),
                imports,
                *(["import numpy as np"] if "np." in code else []),
            ]
        ),
    ]
    top = "\n\n".join(part for part in parts if part)
    functions = [*([definitions] if definitions else []), f"def main():\n{main}", ending]
    return top + "\n\n\n" + "\n\n\n".join(functions)


#: What a script imports of Python where its code has the name.
_MODULES = ("inspect", "os", "sys", "tempfile", "threading", "traceback")

_ENDING = """\
if __name__ == "__main__":
    shown = main()
    print("The deviation shows." if shown else "The deviation does not show.")
    sys.exit(1 if shown else 0)
"""

_EXCEPTHOOK = '''\
def stop(*error):
    """End with 2: what goes wrong otherwise is no proof of this deviation."""
    traceback.print_exception(*error)
    sys.stdout.flush()
    os._exit(2)


sys.excepthook = stop'''


def _heading(finding: Finding, implementation: Implementation) -> list[str]:
    clause = spec.contract().clause(finding.clause)
    about = [f"{finding.clause} on {implementation.title}: {finding.verdict}."]
    about += ["", *textwrap.wrap(clause.statement, 92)]
    about.append("")
    for label, said in told(finding)[1:]:
        about += _labelled(label, said)
    about += ["", *native_recipe.instructions(implementation), ""]
    about.append("Exit status: 1 the deviation shows, 0 it does not, 2 something else went wrong.")
    return about


def _labelled(label: str, text: str) -> list[str]:
    first = f"    {label:<8}  "
    flat = " ".join(text.split())
    return textwrap.wrap(flat, 96, initial_indent=first, subsequent_indent=" " * len(first))
