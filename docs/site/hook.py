"""What MkDocs does besides, as `mkdocs.yml` says: pages from elsewhere, and links that hold."""

from __future__ import annotations

import logging
import sys
import tomllib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

# MkDocs runs a hook as a file, not as a module of a package.
sys.path.insert(0, str(Path(__file__).parent))
import built
import links
import public

log = logging.getLogger("mkdocs.hooks.fitspec")

rewriting = links.Rewriting()


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add pages that are no files of `docs`: of the root, of what is linked to and is public."""
    rewriting.wanted.clear()
    for path in sorted((links.ROOT / links.DOCS).rglob("*.md")):
        own = PurePosixPath(path.relative_to(links.ROOT).as_posix())
        rewriting.rewrite(own, path.read_text("utf-8"))
    made = {
        source: rewriting.rewrite(PurePosixPath(own), (links.ROOT / own).read_text("utf-8"))
        for own, source in links.OUTSIDE.items()
    }
    for name in public.PAGES:
        made[f"api/{name}.md"] = public.page_of(name, links.ROOT)
    for wanted in sorted(rewriting.wanted):
        made[links.place(wanted)] = links.page_of(wanted)
    for source, text in made.items():
        files.append(File.generated(config, source, content=text))
    return files


def on_page_markdown(
    markdown: str,
    page: Page,
    config: MkDocsConfig,  # noqa: ARG001  MkDocs names them
    files: Files,  # noqa: ARG001  as above
) -> str:
    """Have the links of a page of `docs` lead to where things are in the site."""
    if page.file.generated_by is not None:
        return markdown
    return rewriting.rewrite(links.DOCS / page.file.src_uri, markdown)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Show where the repository is, where a fork has said so."""
    settings = tomllib.loads((links.ROOT / "pyproject.toml").read_text("utf-8"))
    repository = settings["tool"]["fitspec"]["repository"]
    if not repository.startswith("OWNER/"):
        config.repo_url, config.repo_name = f"https://github.com/{repository}", repository
    return config


def on_post_build(config: MkDocsConfig) -> None:
    """Say what is wrong with what was built; with `--strict` it is a failure."""
    for line in built.wrong(Path(config.site_dir)):
        log.warning(line)
