"""Links between the pages, and to files, lead somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import CHECKOUT, Page, pages

if TYPE_CHECKING:
    from pathlib import Path


def _elsewhere(link: str) -> bool:
    return link.startswith(("https://", "http://", "mailto:"))


@pytest.mark.parametrize("page", pages(), ids=repr)
def test_links_lead_to_files_of_this_project(page: Page) -> None:
    targets = [link.partition("#")[0] for link in page.links() if not _elsewhere(link)]
    missing = [target for target in targets if target and not (page.path.parent / target).exists()]
    assert missing == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    by_path = {page.path: page for page in pages()}
    reached: set[Path] = set()
    waiting = [CHECKOUT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in by_path:
            continue
        reached.add(path)
        targets = [path.parent / link.partition("#")[0] for link in by_path[path].links() if not _elsewhere(link)]
        waiting += [(target / "README.md" if target.is_dir() else target).resolve() for target in targets]
    assert {page.name for page in by_path.values() if page.path not in reached} == set()
