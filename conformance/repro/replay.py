"""A check, gone through again with the answers of a run: no implementation is needed for it."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fitspec.conformance.checks.index import index
from fitspec.conformance.claims.expect import ExpectationFell, collecting
from fitspec.conformance.repro.batch_readers import Tap
from fitspec.conformance.worker.remote import Events, Model, Result
from fitspec.conformance.worker.transcript import probes_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fitspec.conformance.claims.laws import Sides
    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.transcript import Request


class Diverged(Exception):  # noqa: N818  a fact about a replay, not an error
    """The check asked for something else than in the run."""


@dataclass(frozen=True)
class Claimed:
    """Both sides of the claim that a check made."""

    observed: Any
    expected: Any
    ulps: float


def replay(
    clause_id: str, requests: Sequence[Request], example: str = "", tap: Tap | None = None
) -> Claimed:
    """Go through the check of a clause with recorded answers.

    Args:
        clause_id: id of the clause.
        requests: that were made in the run, with what came of them.
        example: of a law, the arguments at which it fell, as the finding has them.
        tap: hears of looks at batches.

    Raises:
        Diverged: the check asks for something else, or makes no claim that has two sides.
        Exception: whatever the check raises that the answers make it raise.
    """
    function = index()[clause_id].function
    player = _Player(requests)
    fixtures = {"build": player.build, "for_all": _AtOnePoint(example)}
    wanted = inspect.signature(function).parameters
    sides = None
    with (tap or Tap()).listening(player.keys), collecting() as claim:
        try:
            function(**{name: fixtures[name] for name in wanted})
        except ExpectationFell:
            pass
        except _Law as law:
            return Claimed(law.sides.observed, law.sides.equals, law.sides.ulps)
        sides = claim.sides
    if sides is None:
        raise Diverged(f"{clause_id}: its check claims nothing that has two sides")
    return Claimed(*sides)


class _Law(Exception):  # noqa: N818  it leaves a check of a law with both sides
    def __init__(self, sides: Sides) -> None:
        super().__init__()
        self.sides = sides


@dataclass(frozen=True)
class _AtOnePoint:
    """Stands for the fixture ``for_all``: looks at a law at one point."""

    example: str

    def __call__(self, law: Callable[..., Sides], /, **_: Any) -> None:
        if not self.example:
            raise Diverged("the law was looked at nowhere to its end")
        call = ast.parse(f"dict({self.example})", mode="eval").body
        if not isinstance(call, ast.Call):
            raise Diverged(self.example)
        try:
            arguments = {str(item.arg): ast.literal_eval(item.value) for item in call.keywords}
        except ValueError as error:
            raise Diverged(f"{self.example}: the arguments have no plain form") from error
        if arguments.keys() != inspect.signature(law).parameters.keys():
            raise Diverged(f"{self.example}: the law is one of other arguments by now")
        raise _Law(law(**arguments))


class _Player:
    """Answers a check as it was answered in the run."""

    def __init__(self, requests: Sequence[Request]) -> None:
        self._left = list(requests)
        #: Key of a probe in the run -> key of the one that stands for it now.
        self.keys: dict[str, str] = {}

    def build(self, description: ModelOf) -> Model:
        """Hand out a model as the fixture ``build`` does."""
        return Model(self._ask, self._ask("build", value=replace(description)).value.reference)

    def _ask(self, operation: str, **fields: Any) -> Result:
        if not self._left:
            raise Diverged(f"{operation}: there was no such request")
        request = self._left.pop(0)
        asked = (operation, fields.get("method"), fields.get("name"))
        if asked != (request.operation, request.fields.get("method"), request.fields.get("name")):
            raise Diverged(f"{operation}: the request was {request.operation}")
        pairs = zip(probes_in(request.fields), probes_in(fields), strict=False)
        self.keys.update({before.key: now.key for before, now in pairs})
        if request.error is not None:
            raise request.error
        if request.came is None:
            raise Diverged(f"{operation}: what came was not kept")
        events = (
            replace(event, probe=self.keys.get(event.probe, event.probe))
            for event in request.came.events
        )
        return replace(request.came, events=Events(tuple(events)))
