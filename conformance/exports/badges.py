"""Badges: how many clauses of a profile an implementation passes, for a README."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from fitspec import spec
from fitspec.conformance.report.file_names import file_name
from fitspec.conformance.report.hostile import visible
from fitspec.conformance.report.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fitspec.conformance.report.report import Report, Subject

#: From which share on a badge has a colour, with the name that endpoints know and its value. White
#: text is readable on each.
_COLOURS: Final = (
    (1.0, "green", "#2b7a0b"),
    (0.9, "olive", "#5c7000"),
    (0.7, "orange", "#a85a00"),
    (0.0, "red", "#b3261e"),
)
_GREY: Final = ("grey", "#5f5f5f")
#: Width of a sign and of the margin beside a text, in px.
_SIGN, _MARGIN = 6.2, 6.0


@dataclass(frozen=True)
class Badge:
    """What a badge says.

    Args:
        name: of its files, without suffix.
        label: its left side.
        message: its right side.
        colour, value: of the right side: the name, and as a hexadecimal number.
    """

    name: str
    label: str
    message: str
    colour: str
    value: str

    @property
    def svg(self) -> str:
        """As a picture."""
        left, right = (
            round(len(text) * _SIGN + 2 * _MARGIN) for text in (self.label, self.message)
        )
        title = escape(f"{self.label}: {self.message}")
        sides = ((self.label, left / 2, left), (self.message, left + right / 2, right))
        texts = "".join(
            f'<text x="{place:g}" y="14" textLength="{width - 2 * _MARGIN:g}">{escape(text)}</text>'
            for text, place, width in sides
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20"'
            f' role="img" aria-label="{title}"><title>{title}</title>'
            f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
            f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
            f'<rect x="{left}" width="{right}" height="20" fill="{self.value}"/></g>'
            '<g fill="#fff" text-anchor="middle" font-size="11"'
            f' font-family="Verdana,Geneva,DejaVu Sans,sans-serif">{texts}</g></svg>\n'
        )

    @property
    def endpoint(self) -> str:
        """As services that draw badges want it."""
        fields = {
            "schemaVersion": 1,
            "label": self.label,
            "message": self.message,
            "color": self.value.removeprefix("#"),
            "isError": self.colour == _GREY[0],
        }
        return json.dumps(fields, ensure_ascii=False) + "\n"


def badges(report: Report) -> list[Badge]:
    """Return a badge for each implementation and each profile that was examined whole.

    A run of some clauses gives none: it would say nothing about the profile. An implementation
    that could not be started has one that says so.

    Args:
        report: of a run.
    """
    return [badge for subject in report.subjects for badge in _of(report, subject)]


def _of(report: Report, subject: Subject) -> Iterator[Badge]:
    if not subject.available:
        yield Badge(_file(subject.name), visible(subject.name), "unavailable", *_GREY)
        return
    verdicts = {item.clause: item.verdict for item in report.of(subject.name) if item.verdict}
    for profile in spec.contract().profiles:
        wanted = {
            item.id
            for item in spec.contract().select(profiles=[profile], check=spec.CheckStatus.PRESENT)
            if item.level is not spec.Level.OBSERVED
        }
        if not wanted or not wanted <= verdicts.keys():
            continue
        passed = sum(verdicts[clause] is Verdict.PASS for clause in wanted)
        share = passed / len(wanted)
        colour, value = next((name, value) for least, name, value in _COLOURS if share >= least)
        label = visible(f"{subject.name}: {profile} API")
        name = _file(f"{subject.name}-as-{profile}")
        yield Badge(name, label, f"{passed} of {len(wanted)} clauses", colour, value)


def _file(name: str) -> str:
    return file_name(name, safe="@")
