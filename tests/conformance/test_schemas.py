"""The published JSON Schemas describe what is really written and sent."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from fitspec.adapters import wire
from fitspec.conformance import write
from fitspec.conformance.implementations.registry import find
from fitspec.conformance.vocabulary import models
from fitspec.conformance.vocabulary.probes import SGD, Generator, Recorder
from fitspec.conformance.vocabulary.samples import ascending, constant
from fitspec.conformance.worker.remote import NotOffered, RemoteError
from fitspec.conformance.worker.session import Session

if TYPE_CHECKING:
    from fitspec.conformance.report.report import Report


def _validator(package: str, name: str, part: str = "") -> Draft202012Validator:
    schema = json.loads((files(package) / name).read_text("utf-8"))
    if part:
        schema["$ref"] = f"#/$defs/{part}"
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_every_line_of_a_report_is_of_its_schema(whole_report: Report, tmp_path: Path) -> None:
    """Header, verdicts, observed behaviours and footer are what the schema of reports says."""
    validator = _validator("fitspec.conformance.report", "report.schema.json")
    write(whole_report, tmp_path / "report.ndjson")

    lines = [json.loads(line) for line in (tmp_path / "report.ndjson").read_text().splitlines()]

    assert {line["type"] for line in lines} == {"header", "verdict", "observed", "footer"}
    assert not [error.message for line in lines for error in validator.iter_errors(line)]


def test_every_message_is_of_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and answers of a conversation with every operation are what the protocol says."""
    validator = _validator("fitspec.adapters", "protocol.schema.json")
    messages: list[dict[str, Any]] = []
    dump, load = wire.dump, wire.load

    def dumped(message: dict[str, Any]) -> bytes:
        line = dump(message)
        messages.append(json.loads(line))
        return line

    def loaded(line: bytes) -> dict[str, Any]:
        messages.append(json.loads(line))
        return load(line)

    monkeypatch.setattr(wire, "dump", dumped)
    monkeypatch.setattr(wire, "load", loaded)

    with Session(find("reference"), Path(sys.executable)) as session:
        session.start()
        session.begin(30)
        model = session.build(models.linear())
        model.compile(SGD(0.1), "mse")
        model.fit(ascending(4), constant(4, 0), callbacks=[Recorder(weights=True)])
        model.fit(Generator([(ascending(2), constant(2, 0))]), steps_per_epoch=2, workers=0)
        model.predict(np.asarray([[np.nan], [np.inf]], np.float32))
        model.weights()
        model.iterations()
        model.set_trainable("y", trained=False)
        model.background()
        model.attribute("metrics_names")
        model.fit.parameters()
        with pytest.raises(RemoteError):
            model.fit(ascending(3), ascending(4))
        with pytest.raises(NotOffered):
            model.fit(ascending(3), ascending(3), unheard_of=1)

    assert {item["op"] for item in messages if "op" in item} >= {
        *("hello", "echo", "build", "call", "get", "signature", "weights", "iterations", "reset"),
        *("trainable", "background"),
    }
    assert not [error.message for item in messages for error in validator.iter_errors(item)]
    greeting = next(item["value"] for item in messages if "renames" in str(item.get("value")))
    identity = _validator("fitspec.adapters", "protocol.schema.json", "identity")
    assert not [error.message for error in identity.iter_errors(greeting)]
