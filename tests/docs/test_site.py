"""What makes the docs a site: links that hold there, pages of sources, and what is found wrong."""

from __future__ import annotations

import importlib.util
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def module(name: str) -> Any:
    """Return a module of `docs/site`, which MkDocs runs as files."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "site" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


links, built, public = module("links"), module("built"), module("public")


@pytest.mark.parametrize(
    ("page", "link", "there"),
    [
        ("README.md", "docs/adapters.md#layers", "adapters.md#layers"),
        ("docs/adapters.md", "ci.md", "ci.md"),
        ("docs/upgrading/README.md", "../fit.md#the-loop", "../fit.md#the-loop"),
        ("docs/README.md", "../README.md", "fitspec.md"),
        ("docs/README.md", "upgrading", "upgrading/README.md"),
        ("docs/README.md", "deviations", "source/docs/deviations/index.md"),
        ("docs/fit.md", "../spec/clause.py#L12-L14", "source/spec/clause.py.md#__codelineno-0-12"),
        ("CONTRIBUTING.md", ".ci/run", "source/_ci/run.md"),
        ("docs/architecture.md", "architecture.svg", "architecture.svg"),
        ("docs/adapters.md", "#layers", "#layers"),
        ("docs/adapters.md", "https://example.org/a.md", "https://example.org/a.md"),
    ],
)
def test_a_link_leads_to_where_things_are_in_the_site(page: str, link: str, there: str) -> None:
    """Pages, folders, files, lines of them, and what is elsewhere."""
    text = links.Rewriting().rewrite(PurePosixPath(page), f"See [`this`]({link}), and go on.")

    assert text == f"See [`this`]({there}), and go on."


def test_what_is_shown_as_code_is_no_link() -> None:
    """A block stays as it is, and what follows it does not."""
    text = "```md\n[a](../spec)\n```\n[a](../spec)\n"

    assert links.Rewriting().rewrite(PurePosixPath("docs/a.md"), text) == (
        "```md\n[a](../spec)\n```\n[a](source/spec/index.md)\n"
    )


def test_what_pages_link_to_gets_a_page() -> None:
    """A file is shown whole with its lines numbered, a folder by what is in it."""
    rewriting = links.Rewriting()
    rewriting.rewrite(PurePosixPath("docs/a.md"), "[a](../spec) [b](../spec/clause.py) [c](ci.md)")

    assert rewriting.wanted == {PurePosixPath("spec"), PurePosixPath("spec/clause.py")}
    shown = links.page_of(PurePosixPath("spec/clause.py"))
    assert (ROOT / "spec" / "clause.py").read_text("utf-8").rstrip() in shown
    assert '``````python linenums="1"' in shown
    listed = links.page_of(PurePosixPath("docs/upgrading"))
    assert "- [`keras-2.3-to-keras-3.md`](" in listed
    assert "The contract: the documented" in links.page_of(PurePosixPath("spec"))


def test_the_reference_has_what_a_package_lists() -> None:
    """Of a package, what is in its `__all__`, but for modules; of a module, all it defines."""
    page = public.page_of("conformance", ROOT)

    assert page.startswith("# fitspec.conformance\n\n::: fitspec.conformance\n    options:")
    assert "        - each_clause\n" in page
    of_adapters = public.page_of("adapters", ROOT)
    assert "## `fitspec.adapters.networks`\n\n::: fitspec.adapters.networks\n" in of_adapters
    assert "        - layers\n" not in public.page_of("reference", ROOT)


@pytest.mark.parametrize("name", public.PAGES)
def test_every_page_of_the_reference_is_in_the_navigation(name: str) -> None:
    """And is of modules that are there."""
    assert f"      - api/{name}.md\n" in (ROOT / "mkdocs.yml").read_text("utf-8")
    assert f"# {public.PAGES[name][0]}\n" in public.page_of(name, ROOT)


def test_every_page_of_the_docs_but_the_made_ones_is_in_the_navigation() -> None:
    """A page that nobody comes to by the tabs is one of a list: of deviations, or of twins."""
    told = (ROOT / "mkdocs.yml").read_text("utf-8")
    docs = ROOT / "docs"

    left = {str(page.relative_to(docs)) for page in docs.rglob("*.md")}
    left = {page for page in left if f"- {page}\n" not in told and f": {page}\n" not in told}

    assert {page.partition("/")[0] for page in left} == {"deviations", "twins"}


def test_what_leads_nowhere_or_is_fetched_from_elsewhere_is_told(tmp_path: Path) -> None:
    """Links, places, pictures and scripts of built pages."""
    (tmp_path / "a.html").write_text(
        '<p id="top"><a href="#top">a</a><a href="b/">a</a><a href="b/index.html#x">a</a>'
        '<a href="#gone">a</a><a href="gone.html">a</a><a href="https://example.org">a</a>'
        '<img src="data:image/png;base64,AA"><script src="https://example.org/a.js"></script>'
        '<link rel="canonical" href="https://example.org/a.html">',
        "utf-8",
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text('<a href="../a.html#top" id="y">a</a>', "utf-8")

    assert list(built.wrong(tmp_path)) == [
        "a.html: #gone: there is no such place",
        "a.html: b/index.html#x: there is no such place",
        "a.html: gone.html leads nowhere",
        "a.html: https://example.org/a.js is fetched from elsewhere",
    ]
