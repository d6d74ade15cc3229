"""The pages of what is public: of each package what it says that it has, from its docstrings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Page -> its title, and the modules on it.
PAGES = {
    "conformance": (
        "fitspec.conformance",
        ("fitspec.conformance",),
    ),
    "adapters": (
        "fitspec.adapters",
        (
            "fitspec.adapters",
            "fitspec.adapters.keras_style",
            "fitspec.adapters.torch_style",
            "fitspec.adapters.networks",
            "fitspec.adapters.forms",
            "fitspec.adapters.streams",
            "fitspec.adapters.r_style",
        ),
    ),
    "spec": ("fitspec.spec", ("fitspec.spec",)),
    "reference": (
        "fitspec.reference",
        (
            "fitspec.reference",
            "fitspec.reference.callbacks",
            "fitspec.reference.torch",
            "fitspec.reference.r",
        ),
    ),
}


def page_of(name: str, root: Path) -> str:
    """Return the page `name`, in Markdown for mkdocstrings.

    Args:
        name: a key of `PAGES`.
        root: of the repository.
    """
    title, modules = PAGES[name]
    alone = len(modules) == 1
    return "\n".join([f"# {title}\n", *(_section(module, root, alone) for module in modules)])


def _section(module: str, root: Path, alone: bool) -> str:
    """Return what mkdocstrings is to show of a module: what it lists, or else what it defines."""
    file = root / "/".join(module.split(".")[1:])
    file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    lines = [f"::: {module}"] if alone else [f"## `{module}`\n", f"::: {module}"]
    listed = _listed(file)
    if listed:
        inside = {each.stem for each in file.parent.iterdir()}
        lines += [
            "    options:",
            "      members:",
            *(f"        - {name}" for name in listed if name not in inside),
        ]
    return "\n".join([*lines, ""])


def _listed(file: Path) -> list[str]:
    """Return what the `__all__` of a module lists."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []
