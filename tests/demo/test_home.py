"""The demo's directory: nobody else's, nobody newer's, never two at a time."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin import __version__
from tocsin.demo.home import Home, HomeRefused, default_home, write_whole


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "demo")
    yield home
    home.close()


def opened(home: Home) -> Home:
    home.open()
    home.prepare()
    return home


def test_a_new_home_is_private_and_marked(home: Home) -> None:
    opened(home)
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    marker = json.loads((home.path / "tocsin-demo.json").read_text())
    assert marker == {"layout": 1, "version": __version__}


def test_an_empty_directory_with_open_doors_is_taken_and_closed(home: Home) -> None:
    home.path.mkdir(mode=0o755)
    opened(home)
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_directory_of_somebody_else_is_refused_and_untouched(home: Home) -> None:
    home.path.mkdir()
    (home.path / "thesis.odt").write_text("years of work")
    mode = home.path.stat().st_mode
    with pytest.raises(HomeRefused, match="--data"):
        home.open()
    assert [path.name for path in home.path.iterdir()] == ["thesis.odt"]
    assert home.path.stat().st_mode == mode


def test_a_file_is_no_home(home: Home) -> None:
    home.path.write_text("x")
    with pytest.raises(HomeRefused, match="not a directory"):
        home.open()


def test_a_start_killed_right_after_the_lock_can_be_repeated(home: Home) -> None:
    home.open()
    home.close()
    opened(home)


def test_a_second_demo_on_the_same_data_is_refused_while_the_first_lives(home: Home) -> None:
    opened(home)
    second = Home(home.path)
    with pytest.raises(HomeRefused, match="another demo"):
        second.open()
    home.close()
    second.open()
    second.close()


def test_a_killed_demo_holds_no_lock(home: Home) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tocsin.demo.home import Home\n"
        "home = Home(Path(sys.argv[1])); home.open(); print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(HomeRefused):
            home.open()
        other.kill()
    home.open()


@pytest.mark.parametrize(
    "marker", [{"layout": 2, "version": __version__}, {"layout": 1, "version": "99.0"}]
)
def test_data_of_a_newer_version_are_refused_and_kept(
    home: Home, marker: dict[str, object]
) -> None:
    home.path.mkdir()
    (home.path / "tocsin-demo.json").write_text(json.dumps(marker))
    home.open()
    with pytest.raises(HomeRefused, match="newer Tocsin"):
        home.prepare()
    assert json.loads((home.path / "tocsin-demo.json").read_text()) == marker


def test_data_of_an_older_version_are_taken_over(home: Home) -> None:
    home.path.mkdir()
    (home.path / "tocsin-demo.json").write_text('{"layout": 1, "version": "0.0.9"}')
    opened(home)
    assert __version__ in (home.path / "tocsin-demo.json").read_text()


@pytest.mark.parametrize(
    "marker", ["", "{", "[]", "null", '{"layout": "x"}', '{"layout": 1, "version": "new"}', "\x00"]
)
def test_a_marker_that_nobody_understands_is_refused(home: Home, marker: str) -> None:
    home.path.mkdir()
    (home.path / "tocsin-demo.json").write_text(marker)
    home.open()
    with pytest.raises(HomeRefused, match="--fresh"):
        home.prepare()


def test_emptied_it_holds_only_the_lock_and_follows_no_link_out(home: Home, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "thesis.odt").write_text("years of work")
    opened(home)
    (home.path / "postgres" / "base").mkdir(parents=True)
    (home.path / "link").symlink_to(outside)
    home.empty()
    assert [path.name for path in home.path.iterdir()] == ["lock"]
    assert (outside / "thesis.odt").exists()


def test_the_office_password_is_made_once_long_and_private(home: Home, tmp_path: Path) -> None:
    password = opened(home).office_password()
    assert password == home.office_password()
    assert len(password) == 19
    assert stat.S_IMODE((home.path / "office-password").stat().st_mode) == 0o600
    other = opened(Home(tmp_path / "other"))
    assert other.office_password() != password
    other.close()


def test_a_file_is_replaced_as_a_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("stale")
    path.chmod(0o644)
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_where_the_data_lie_when_nobody_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/amina")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("TOCSIN_DEMO_DATA", raising=False)
    assert default_home() == Path("/home/amina/.local/share/tocsin/demo")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_home() == Path("/data/tocsin/demo")
    for foreign in ('[project]\nname = "other"\n', "not toml [", "[tool.x]\n", "project = 1\n"):
        (tmp_path / "pyproject.toml").write_text(foreign)
        assert default_home() == Path("/data/tocsin/demo")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tocsin"\n')
    assert default_home() == tmp_path / "var" / "demo"
    monkeypatch.setenv("TOCSIN_DEMO_DATA", "/elsewhere")
    assert default_home() == Path("/elsewhere")
