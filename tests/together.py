"""Which test files share what is dear to make, a told site or a crawl, so that one test process runs them all."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = {
    "tests/areas/test_demo_town.py": "town", "tests/areas/test_fairness_town.py": "town",
    "tests/browser/test_lab.py": "town",
    "tests/browser/test_axe.py": "pages", "tests/browser/test_html.py": "pages",
    "tests/browser/test_weight.py": "pages",
    "tests/browser/test_main_way.py": "main way", "tests/browser/test_papers.py": "papers",
    "tests/house/test_run.py": "run", "tests/rules/test_documents.py": "documents",
}  # fmt: skip


class Together(LoadScopeScheduling):
    """Hands out tests one by one, and those of a group as one: with pytest 9.2 the marks of xdist have no effect."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)
