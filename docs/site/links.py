"""Where a link of a page leads once the pages are a site.

A page is written for the repository: its links are paths from where it lies, to other pages, to
folders, to files and to lines of them. In the site each of these is a page as well.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
DOCS = PurePosixPath("docs")

#: Pages outside of `docs` -> where they are in the site.
OUTSIDE = {
    "README.md": "fitspec.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
#: Where the pages of files and folders are.
SOURCES = "source"

_BLOCK = re.compile(r"(^`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(\]\()(?![a-z]+:)([^)\s#]*)(#[^)\s]+)?(\))")
_LINE = re.compile(r"#L(\d+)(?:-L\d+)?")

#: Ending of a file -> the language that it is shown in.
_LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json", ".mjs": "js", ".yml": "yaml"}


def place(path: PurePosixPath) -> str:
    """Return where a file or folder of the repository is in the site: the source of a page.

    A picture of the docs is where it was.
    """
    if str(path) in OUTSIDE:
        return OUTSIDE[str(path)]
    # MkDocs leaves out what is hidden.
    shown = "/".join(part.replace(".", "_", part.startswith(".")) for part in path.parts)
    if (ROOT / path).is_dir():
        if (ROOT / path / "README.md").is_file():
            return place(path / "README.md")
        return f"{SOURCES}/{shown}/index.md"
    if DOCS in path.parents and path.suffix in (".md", ".svg"):
        return str(path.relative_to(DOCS))
    return f"{SOURCES}/{shown}.md"


def target(page: PurePosixPath, link: str) -> PurePosixPath:
    """Return the path in the repository that a link of `page` leads to."""
    return PurePosixPath(os.path.normpath(page.parent / link))


class Rewriting:
    """The links of pages, rewritten, and the files and folders for which pages have to be made."""

    def __init__(self) -> None:
        self.wanted: set[PurePosixPath] = set()

    def rewrite(self, page: PurePosixPath, text: str) -> str:
        """Return the text of a page, with links to where things are in the site.

        Args:
            page: its path in the repository.
            text: in Markdown.
        """
        here = PurePosixPath(place(page)).parent

        def rewritten(found: re.Match[str]) -> str:
            opening, path, anchor, closing = found.groups("")
            if not path:
                return found.group()
            there = target(page, path)
            source = place(there)
            if source.startswith(f"{SOURCES}/"):
                self.wanted.add(there)
            if line := _LINE.fullmatch(anchor):
                anchor = f"#__codelineno-0-{line[1]}"
            return f"{opening}{os.path.relpath(source, here)}{anchor}{closing}"

        parts, end = [], 0
        for block in _BLOCK.finditer(text):
            parts += [_LINK.sub(rewritten, text[end : block.start()]), block.group()]
            end = block.end()
        return "".join([*parts, _LINK.sub(rewritten, text[end:])])


def page_of(path: PurePosixPath) -> str:
    """Return a page, in Markdown, that shows a file or lists a folder."""
    # Nobody looks for a file by the words in it when looking for an explanation.
    head = f"---\ntitle: {path}\nsearch:\n  exclude: true\n---\n\n# {path}\n\n"
    if (ROOT / path).is_dir():
        return head + _listing(path)
    text = (ROOT / path).read_text("utf-8")
    language = _LANGUAGES.get(path.suffix, "text")
    return f'{head}``````{language} linenums="1"\n{text.rstrip()}\n``````\n'


def _listing(path: PurePosixPath) -> str:
    """Return a list of what is in a folder; its pages are linked to, and it says what it is for."""
    docstring = ""
    face = ROOT / path / "__init__.py"
    if face.is_file() and (found := re.match(r'"""(.*?)"""', face.read_text("utf-8"), re.DOTALL)):
        docstring = found[1].strip() + "\n\n"
    here = PurePosixPath(place(path)).parent
    names = [
        f"- [`{each.name}`]({os.path.relpath(place(path / each.name), here)})"
        if each.suffix == ".md" and DOCS in (path, *path.parents)
        else f"- `{each.name}`"
        for each in sorted((ROOT / path).iterdir())
        if not each.name.startswith((".", "__"))
    ]
    return docstring + "\n".join(names) + "\n"
