"""A conversation with an implementation by hand: what the scripts of a report are written in.

with converse("reference") as talk:
    model = talk.build(linear())
    talk.show(model.compile, SGD(0.5), "mse")
    talk.show(model.fit, ascending(4), constant(4, 0))
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitspec import spec
from fitspec.conformance.claims.expect import show, show_expected
from fitspec.conformance.environments.environment import prepare
from fitspec.conformance.environments.programs import require
from fitspec.conformance.implementations import registry
from fitspec.conformance.report import telling
from fitspec.conformance.report.hostile import shortened
from fitspec.conformance.repro.replay import Diverged, replay
from fitspec.conformance.worker.process import WorkerFailed
from fitspec.conformance.worker.remote import (
    Method,
    Model,
    NotOffered,
    Parameter,
    RemoteError,
    RemoteObject,
    Result,
)
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fitspec.conformance.vocabulary.probes import ModelOf


@contextmanager
def converse(
    name_or_path: str,
    *,
    python: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Conversation]:
    """Talk to an implementation, in a process of its own that ends with the block.

    Args:
        name_or_path: as on the command line: a name, or the path of an adapter file.
        python: an interpreter to use instead of building an environment.
        environment: variables of its process instead of those that it declares.

    Raises:
        ValueError: there is no such implementation.
        Unavailable: it does not start here.
        BuildFailed: its environment cannot be built.
    """
    implementation = registry.find(name_or_path)
    if environment is not None:
        implementation = replace(implementation, environment=environment)
    require(implementation, _say)
    interpreter = prepare(
        implementation, python=None if python is None else Path(python), progress=_say
    )
    with Session(implementation, interpreter) as session:
        session.start()
        session.begin(session.limits.check)
        yield Conversation(session)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


class Conversation:
    """Calls to an implementation, each with what it brought."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def build(self, description: ModelOf) -> Model:
        """Build a model in the implementation's own classes.

        Raises:
            RemoteError: the implementation raised.
            NotOffered: it has no layer of a kind that is needed.
        """
        return self._session.build(description)

    def show(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call, print what came of it, and return that; None after an exception."""
        name = call.name if isinstance(call, Method) else call.__name__
        try:
            came = call(*args, **kwargs)
        except (NotOffered, WorkerFailed) as error:
            _print(name, f"{error}")
            return None
        except RemoteError as error:
            _print(name, f"raised {error}", _events(error.events))
            return None
        if isinstance(came, Result):
            printed = (came.stdout + came.stderr).strip().replace("\r", "\n").splitlines()
            _print(name, _value(came.value), _events(came.events), printed)
        else:
            _print(name, _value(came))
        return came

    def tell(self, clause_id: str, example: str = "") -> None:
        """Hold what came so far against the claim of a check, and print both sides.

        Nothing is called for that: the check of the clause is gone through with these answers.

        Args:
            clause_id: id of the clause whose check makes the calls that were made.
            example: of a law, the arguments at which it is looked at.
        """
        expected = spec.contract().clause(clause_id).statement
        requests = self._session.transcript.requests
        try:
            claimed = replay(clause_id, requests, example)
        except (NotOffered, WorkerFailed, RemoteError) as error:
            observed = str(error)
        except Diverged as other:
            last = requests[-1].error if requests else None
            observed = f"nothing to hold against the claim of the check: {other}"
            observed = observed if last is None else str(last)
        except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError) as error:
            observed = f"what came cannot be read as documented ({type(error).__name__}: {error})"
        else:
            expected = show_expected(claimed.expected, claimed.ulps)
            observed = show(claimed.observed)
        for label, text in telling.lines(("expected", expected), ("observed", observed)):
            sys.stdout.write(f"{label}  {shortened(text, telling.LONGEST)}\n")


def _print(name: str, said: str, *more: Iterable[str]) -> None:
    sys.stdout.write(f"{name} -> {shortened(said, telling.LONGEST)}\n")
    for lines in more:
        sys.stdout.writelines(f"    {shortened(line, telling.LONGEST)}\n" for line in lines)


def _events(events: Iterable[Any]) -> list[str]:
    return [f"{event.kind} {show(dict(event.fields))}" for event in events]


def _value(value: Any) -> str:
    if isinstance(value, RemoteObject) and value.attributes:
        return f"{value.classes[0]} {show(dict(value.attributes))}"
    if isinstance(value, list) and value and isinstance(value[0], Parameter):
        named = [item.name if item.required else f"{item.name}={item.default}" for item in value]
        return ", ".join(named)
    return show(value)
