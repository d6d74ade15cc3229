"""The part of the pytest plugin that runs checks and turns how they end into verdicts."""

from __future__ import annotations

import fnmatch
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest

from fitspec import spec
from fitspec.conformance.claims.expect import Claim, collecting
from fitspec.conformance.claims.laws import EXAMPLES, ForAll
from fitspec.conformance.environments.environment import Unavailable
from fitspec.conformance.report.report import write
from fitspec.conformance.report.verdicts import Finding, Verdict
from fitspec.conformance.repro import finding_script
from fitspec.conformance.running import trying
from fitspec.conformance.running.judging import judged, judged_reading
from fitspec.conformance.running.outcomes import Expectations, explained
from fitspec.conformance.running.suite import Suite, find_subjects
from fitspec.conformance.running.suite_key import SUITE
from fitspec.conformance.system import atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from fitspec.conformance.vocabulary.probes import ModelOf
    from fitspec.conformance.worker.remote import Model
    from fitspec.conformance.worker.session import Session

_CLAIM = pytest.StashKey[Claim]()
#: What the file of expectations says, if a user gave one.
EXPECTED = pytest.StashKey[Expectations]()
_STARTED = pytest.StashKey[tuple[float, float]]()
_ACQUAINTANCES = "fitspec.acquaintances"
#: Of these a person wants to see more than the report says.
_SCRIPTED = (Verdict.FAIL, Verdict.ERROR, Verdict.CRASH, Verdict.TIMEOUT)


def adopt(config: pytest.Config) -> None:
    """Make a suite of the options, unless one was handed in.

    Raises:
        UsageError: an option is wrong.
    """
    if SUITE in config.stash:
        return
    python = config.getoption("implementation_python")
    environment = config.getoption("implementation_environment")
    named = config.getoption("implementation") or config.getini("fitspec_implementations")
    if environment and python is not None:
        raise pytest.UsageError(f"--implementation-environment: --implementation-python: {python}")
    try:
        subjects = find_subjects(named or ["reference"], python, at_hand=not environment)
        spec.contract().matching(config.getoption("clause"))
        atomic.check_destination(config.getoption("fitspec_report"))
    except (ValueError, Unavailable) as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[EXPECTED] = _expectations(config)
    config.stash[SUITE] = Suite(subjects, python)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which build of each implementation is examined, from where, and in which interpreter."""
    suite = config.stash[SUITE]
    elsewhere = getattr(config.option, "numprocesses", None) is not None
    if len(suite.implementations) > 1 or config.option.collectonly or elsewhere:
        # None is started here, so that nobody knows its versions yet.
        return [
            f"fitspec: {item.name}, in {suite.interpreter(item)}" for item in suite.implementations
        ]
    return [f"fitspec: {suite.origin(item)}" for item in suite.implementations]


def _expectations(config: pytest.Config) -> Expectations:
    """Return what the file that the options name expects.

    Raises:
        UsageError: there is no such file, it is none of expectations, or an entry is wrong.
    """
    path: Path | None = config.getoption("expectations")
    configured = config.getini("fitspec_expectations")
    if path is None and not configured:
        return Expectations()
    try:
        return Expectations.read(path or config.rootpath / configured)
    except (ValueError, OSError) as error:
        raise pytest.UsageError(f"expectations: {error}") from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each check once for every implementation."""
    marker = metafunc.definition.get_closest_marker("clause")
    if marker is not None:
        names = [item.name for item in metafunc.config.stash[SUITE].implementations]
        divided = _is_divided(metafunc.config)
        metafunc.fixturenames.append("implementation")
        metafunc.parametrize(
            "implementation",
            names,
            ids=[_with_family(name, marker.args[0]) for name in names] if divided else names,
            scope="session",
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the clauses asked for that an implementation is held against.

    One implementation comes after the other, dependencies first.
    """
    patterns = config.getoption("clause")
    profiles = {item.name: item.profiles for item in config.stash[SUITE].implementations}
    checks = [item for item in items if item.get_closest_marker("clause") is not None]
    others = [item for item in items if item.get_closest_marker("clause") is None]
    chosen = [
        item
        for item in checks
        if _is_promised(_clause_id(item), profiles[_implementation(item)])
        and (not patterns or any(fnmatch.fnmatchcase(_clause_id(item), one) for one in patterns))
    ]
    if len(chosen) < len(checks):
        config.hook.pytest_deselected(items=[item for item in checks if item not in chosen])
    names = [item.name for item in config.stash[SUITE].implementations] if chosen else []
    depths = _depths(_clause_id(item) for item in chosen)
    chosen.sort(key=lambda item: (names.index(_implementation(item)), depths[_clause_id(item)]))
    items[:] = others + chosen


def _is_promised(clause_id: str, profiles: tuple[str, ...]) -> bool:
    """Whether one of the documented versions that `profiles` name has the clause."""
    return not set(spec.contract().clause(clause_id).profiles).isdisjoint(profiles)


def _clause_id(item: pytest.Item) -> str:
    marker = item.get_closest_marker("clause")
    assert marker is not None  # noqa: S101  every caller has looked
    return str(marker.args[0])


def _implementation(item: pytest.Item) -> str:
    name: str = item.callspec.params["implementation"]  # type: ignore[attr-defined]  # of every parametrized item
    return name


def _is_divided(config: pytest.Config) -> bool:
    """Whether this is one of several processes among which pytest-xdist divides the checks."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Divide the checks so that what is blocked can be told where it would be run."""
    from fitspec.conformance.running.dividing import FamilyScheduling  # noqa: PLC0415  only with xdist

    # In their own order, so that each process goes from implementation to implementation once.
    config.option.loadscopereorder = False
    return FamilyScheduling(config, log)


def _with_family(implementation: str, clause_id: str) -> str:
    """Return an id from which `dividing` learns what must be run in the same process."""
    relatives = _relatives(clause_id)
    return f"{implementation}@{min(relatives)}" if len(relatives) > 1 else implementation


def _relatives(clause_id: str) -> set[str]:
    """Return the clauses that a chain of dependencies, in whichever direction, leads to."""
    found = {clause_id}
    pending = [clause_id]
    while pending:
        for near in _neighbours(pending.pop()) - found:
            found.add(near)
            pending.append(near)
    return found


def _neighbours(clause_id: str) -> set[str]:
    clauses = spec.contract().clauses.values()
    needed_by = {item.id for item in clauses if clause_id in item.depends}
    return needed_by | set(spec.contract().clause(clause_id).depends)


def _depths(clause_ids: Iterable[str]) -> dict[str, int]:
    """Return how long the chain of dependencies below each clause is."""
    contract = spec.contract()

    def depth(clause_id: str) -> int:
        return max((1 + depth(item) for item in contract.clause(clause_id).depends), default=0)

    return {clause_id: depth(clause_id) for clause_id in clause_ids}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a check again that ended in a timeout or a crash, and report what came most often."""
    if item.get_closest_marker("clause") is None:
        return None
    limits = item.config.stash[SUITE].limits
    trying.run(item, nextitem, 1 if _clause_id(item) in limits.once else limits.tries)
    return True


@pytest.fixture
def session(request: pytest.FixtureRequest, implementation: str) -> Session:
    """The conversation with the implementation, with nothing left of the check before."""
    suite = request.config.stash[SUITE]
    clause_id, seconds = request.node.get_closest_marker("clause").args
    session: Session = suite.begin(clause_id, implementation, seconds)
    # Building and starting are the run's time, not this check's.
    request.node.stash[_STARTED] = (time.perf_counter(), suite.inside())
    return session


@pytest.fixture
def build(session: Session) -> Callable[[ModelOf], Model]:
    """Build a model of the vocabulary in the implementation's own classes."""
    return session.build


@pytest.fixture
def for_all(request: pytest.FixtureRequest, session: Session) -> ForAll:
    """Claim a law, for the points that a check names and for some that are drawn."""
    examples = request.config.stash[SUITE].examples
    _, seconds = request.node.get_closest_marker("clause").args
    # The other half is for the example that is being looked at by then.
    until = time.monotonic() + min(seconds, session.limits.check) / 2
    number = EXAMPLES if examples is None else examples
    return ForAll(number, until, session.transcript)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Keep the claim that a check makes."""
    if pyfuncitem.get_closest_marker("clause") is None:
        return (yield)
    with collecting() as claim:
        pyfuncitem.stash[_CLAIM] = claim
        result = yield
        if claim.made == 0:
            raise RuntimeError("the check made no claim: it found nothing, which is no pass")
        return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn how a check ended into a finding, or into a fault of the harness."""
    report = yield
    if item.get_closest_marker("clause") is None or call.when == "teardown":
        return report
    error = call.excinfo.value if call.excinfo is not None else None
    if call.when == "setup" and error is None:
        return report
    try:
        finding = _find(item, error)
    except OSError as full:
        report.outcome, report.longrepr = "failed", str(full)
        return report
    if finding is None:
        return report
    report.user_properties.append((trying.FINDING, _plain(finding)))
    if trying.is_worth_another(error):
        report.user_properties.append((trying.AGAIN, True))
    if call.when == "call":
        # An exception can be the behaviour that a clause without verdict asks for.
        report.outcome = "failed" if finding.fell_short else "passed"
    report.longrepr = explained(finding) if report.failed else None
    expected = item.config.stash.get(EXPECTED, Expectations())
    suite, name = item.config.stash[SUITE], _implementation(item)
    expected.apply(report, finding, suite.versions(name), suite.not_asked(name))
    return report


def _plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as values that can be sent to another process."""
    verdict = None if finding.verdict is None else finding.verdict.value
    return {**asdict(finding), "verdict": verdict}


def _find(item: pytest.Item, error: BaseException | None) -> Finding | None:
    """Return the finding, or None when the fault is ours.

    Raises:
        OSError: the disk is full, so that all but a pass may be the machine's doing.
    """
    if isinstance(error, OSError) and atomic.says_full(str(error)):
        raise error
    session: Session | None = item.funcargs.get("session")  # type: ignore[attr-defined]  # of every function
    found = judged(error) or judged_reading(session, error)
    if found is None:
        return None
    verdict, detail = found
    suite = item.config.stash[SUITE]
    clause = spec.contract().clause(_clause_id(item))
    claim = item.stash.get(_CLAIM, Claim())
    started, inside = item.stash.get(_STARTED, (time.perf_counter(), suite.inside()))
    observed = claim.observed or detail
    expected = claim.expected or clause.statement
    behaviour = None
    # Of what could not be started nothing was observed.
    if clause.level is spec.Level.OBSERVED and verdict is not Verdict.UNAVAILABLE:
        behaviour = claim.behaviour or f"{verdict.meaning}: {detail}"
    finding = Finding(
        clause=clause.id,
        implementation=_implementation(item),
        verdict=None if behaviour is not None else verdict,
        behaviour=behaviour,
        expected=expected,
        observed=observed,
        detail=claim.detail or ("" if claim.made else detail),
        seconds=time.perf_counter() - started,
        seconds_inside=suite.inside() - inside,
        check=f"{item.path.parent.name}/{item.path.name}::{item.originalname}[{_implementation(item)}]",  # type: ignore[attr-defined]  # of every function
        example=claim.example,
    )
    if session is None:
        return finding
    if behaviour is not None or verdict is not Verdict.PASS:
        session.check_room()
    suite.listener.asked(finding, session)
    if verdict not in _SCRIPTED:
        return finding
    return replace(finding, script=finding_script.script_of(finding, session, suite.python))


def _is_loss(report: pytest.TestReport) -> bool:
    """Whether pytest-xdist reports that a process ended in the middle of a check."""
    return str(report.when) == "???"


class Collector:
    """Gathers the findings where reports arrive, which may be another process than the checks'."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say how many checks there will be."""
        checks = [item for item in session.items if item.get_closest_marker("clause") is not None]
        suite = self._config.stash[SUITE]
        for item in checks:
            suite.asked.setdefault(_implementation(item), set()).add(_clause_id(item))
        if checks:
            suite.listener.planned(len(checks))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of checks that cannot be collected is a fault of ours."""
        if report.failed:
            self._config.stash[SUITE].faults.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the finding that a report carries; without one only a pass is no fault of ours."""
        found = dict(report.user_properties).get(trying.FINDING)
        if found is not None:
            fields = dict(found)  # type: ignore[call-overload]  # properties are typed `object`
            verdict = fields.pop("verdict")
            # Between processes a tuple becomes a list.
            fields["tries"] = tuple(fields["tries"])
            finding = Finding(**fields, verdict=None if verdict is None else Verdict(verdict))
            self._config.stash[SUITE].found(finding)
        elif not report.passed and ("clause" in report.keywords or _is_loss(report)):
            self._config.stash[SUITE].faults.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int
    ) -> Generator[None, None, None]:
        """End the last conversation and write the report asked for, if the run is whole."""
        suite = self._config.stash[SUITE]
        suite.close()
        if _is_divided(self._config):
            self._config.workeroutput[_ACQUAINTANCES] = suite.acquaintances()  # type: ignore[attr-defined]  # pytest-xdist's
        yield
        if _is_divided(self._config):
            return
        path = self._config.getoption("fitspec_report")
        whole = (
            exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
            and not session.shouldfail
            and not session.shouldstop
        )
        if path is not None and whole and suite.findings:
            try:
                write(suite.report(), path)
            except OSError as error:
                raise pytest.UsageError(f"--fitspec-report {path}: {error}") from error

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Learn from a process of pytest-xdist that has ended whom it talked to."""
        acquaintances = getattr(node, "workeroutput", {}).get(_ACQUAINTANCES)
        if acquaintances is not None:
            self._config.stash[SUITE].introduce(acquaintances)

    def pytest_unconfigure(self) -> None:
        """End the last conversation, also after an interruption."""
        self._config.stash[SUITE].close()
