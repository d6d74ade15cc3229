"""A script that makes calls in an implementation's own API and prints what comes of the last."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from fitspec.conformance.repro import native_recipe
from fitspec.conformance.repro.keras_dialects import dialect_of
from fitspec.conformance.repro.keras_source import KerasSource, NotSpelled
from fitspec.conformance.repro.native_calls import Calls, Conclusion
from fitspec.conformance.repro.native_script import assembled
from fitspec.conformance.repro.scripts import printed
from fitspec.conformance.worker.remote import Events, RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fitspec.conformance.implementations.implementation import Implementation
    from fitspec.conformance.worker.session import Identity
    from fitspec.conformance.worker.transcript import Request


def program_script(
    requests: Sequence[Request],
    implementation: Implementation,
    identity: Identity,
    heading: str,
    endings: Mapping[str, str],
) -> str:
    """Return a script that needs nothing of fitspec, ended by a newline.

    Args:
        requests: the calls, with what came of them; of the last one it prints how it ends or what
            it returns, and the weights afterwards.
        implementation: whom they went to.
        identity: who answered, in which dialect, with which names of its own.
        heading: what it shows.
        endings: what it prints in the end, by name.

    Raises:
        ValueError: it cannot be shown in this way, with the reason.
    """
    calls = [place for place, item in enumerate(requests) if item.operation == "call"]
    if not calls or not (requests[-1].error is None or isinstance(requests[-1].error, RemoteError)):
        raise NotSpelled("nothing is called, or the process ends, and a script would with it")
    last, end = calls[-1], len(requests) - 1
    shown = {last, end} if requests[end].operation == "weights" else {last}

    def lines(written: Calls) -> Iterator[str]:
        method = requests[last].fields["method"]
        if last in written.endings:
            yield f'print("{method} ends:", {written.endings[last]})'
        else:
            value = written.values[last]
            if str(method).startswith("fit"):
                value = f"{value}.epoch, {value}.history"
            yield f'print("{method} returns:", {value})'
        if end in written.values and end != last:
            yield f'print("weights:", {written.values[end]})'
        yield from printed(endings)

    conclusion = Conclusion(len(requests), lambda _: [], frozenset(shown))
    dialect = dialect_of(implementation.name, identity)
    writer = KerasSource(dialect, identity.renames, (), Events(()))
    written = Calls(requests, writer, conclusion)
    body = [*written.lines(), "", *lines(written)]
    about = [*textwrap.wrap(heading, 92), "", *native_recipe.instructions(implementation)]
    ending = 'if __name__ == "__main__":\n    main()\n'
    return assembled(about, implementation, identity.imports, writer, body, "", ending)
