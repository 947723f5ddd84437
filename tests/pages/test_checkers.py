"""What other people's checkers say of every page, in every state and every language."""

from pathlib import Path

from tests.checkers.tools import Checkers
from tests.pages.walking import LANGUAGES, every_page, lay_out_example


def test_checkers_find_what_is_wrong(checkers: Checkers, tmp_path: Path) -> None:
    page = '<!doctype html>\n<html lang="en"><title>A</title><p id="a"><p id="a" onclick="b()">\n'
    (tmp_path / "wrong.html").write_text(page, encoding="utf-8")
    assert any("Duplicate ID" in said for said in checkers.vnu(tmp_path))
    assert any("no-dup-id" in said for said in checkers.html_validate(tmp_path))


def test_no_checker_finds_anything_in_any_page(
    db: None, static: None, checkers: Checkers, tmp_path: Path
) -> None:
    lay_out_example()
    pages = tmp_path / "pages"
    pages.mkdir()
    for language in LANGUAGES:
        for name, ask, status in every_page(language):
            answer = ask.answer()
            assert answer.status_code == status, name
            (pages / f"{name}-{language}.html").write_bytes(answer.content)
    assert checkers.vnu(pages) == []
    assert checkers.html_validate(pages) == []
