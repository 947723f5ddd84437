"""A private PostgreSQL: its data outlive every murder, and nobody else gets near them."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.wait import until
from tocsin.demo.account import unprivileged_account
from tocsin.demo.postgres import Cluster, ClusterFailed, ClusterInUse, ForeignDirectory, OtherMajor
from tocsin.demo.processes import is_alive

HOLDER = """
import sys, time
from pathlib import Path
from tocsin.demo.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid, flush=True)
time.sleep(600)
"""


def write(cluster: Cluster, words: str) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS letter (words text)")
        connection.execute("INSERT INTO letter VALUES (%s)", (words,))


def read(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url()) as connection:
        return [words for (words,) in connection.execute("SELECT words FROM letter")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture
def holder(directory: Path) -> Iterator[tuple[subprocess.Popen[str], psutil.Process]]:
    """Another process that holds the cluster, and the server it started."""
    command = [sys.executable, "-c", HOLDER, str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server = psutil.Process(int(process.stdout.readline()))
        yield process, server
        process.kill()
    if is_alive(server):
        server.kill()


def test_data_outlive_a_stop(directory: Path) -> None:
    with Cluster(directory) as cluster:
        write(cluster, "Free them")
    with Cluster(directory) as cluster:
        assert read(cluster) == ["Free them"]


def test_data_outlive_the_murder_of_the_server(directory: Path) -> None:
    cluster = Cluster(directory)
    cluster.start()
    write(cluster, "Free them")
    assert cluster.pid
    os.kill(cluster.pid, signal.SIGKILL)
    until(lambda: cluster.exit_code() == -signal.SIGKILL)
    assert "PostgreSQL ended unasked" in str(cluster.death())
    cluster.stop()
    with Cluster(directory) as again:
        assert read(again) == ["Free them"]


def test_a_start_ends_the_server_that_a_killed_holder_left(
    directory: Path, holder: tuple[subprocess.Popen[str], psutil.Process]
) -> None:
    process, left_over = holder
    write(Cluster(directory), "Free them")
    process.kill()
    process.wait()
    assert is_alive(left_over)
    with Cluster(directory) as cluster:
        assert not is_alive(left_over)
        assert read(cluster) == ["Free them"]


def test_a_start_succeeds_when_holder_and_server_were_killed_in_the_middle_of_work(
    directory: Path, holder: tuple[subprocess.Popen[str], psutil.Process]
) -> None:
    process, server = holder
    write(Cluster(directory), "Free them")
    with closing(psycopg.connect(Cluster(directory).url())) as busy:
        busy.execute("INSERT INTO letter VALUES ('never committed')")
        process.kill()
        server.kill()
        process.wait()
        with Cluster(directory) as cluster:
            assert read(cluster) == ["Free them"]


def test_a_cluster_that_somebody_holds_is_refused_and_left_alone(
    directory: Path, holder: tuple[subprocess.Popen[str], psutil.Process]
) -> None:
    with pytest.raises(ClusterInUse, match="another process"):
        Cluster(directory).start()
    assert is_alive(holder[1])


def test_a_pid_file_that_names_a_stranger_stops_nobody(directory: Path) -> None:
    with Cluster(directory):
        pass
    with subprocess.Popen(["sleep", "600"]) as stranger:
        (directory / "postmaster.pid").write_text(f"{stranger.pid}\n{directory}\n1\n")
        with Cluster(directory) as cluster:
            write(cluster, "Free them")
        assert stranger.poll() is None
        stranger.kill()


def test_what_a_person_aborts_leaves_nothing_running_and_can_be_started_again(
    directory: Path,
) -> None:
    def abort() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        Cluster(directory).start(while_waiting=abort)
    assert [path.name for path in directory.parent.iterdir()] == ["postgres.lock"]
    with Cluster(directory) as cluster:
        write(cluster, "Free them")


def test_remains_of_a_killed_creation_are_cleared_away(directory: Path) -> None:
    remains = directory.parent / ".postgres-new-abcd"
    remains.mkdir()
    (remains / "PG_VERSION").write_text("18\n")
    with Cluster(directory):
        assert not remains.exists()


def test_data_of_another_major_are_refused_and_kept(directory: Path) -> None:
    directory.mkdir()
    (directory / "PG_VERSION").write_text("16\n")
    with pytest.raises(OtherMajor, match="PostgreSQL 16; this is PostgreSQL 18"):
        Cluster(directory).start()
    assert (directory / "PG_VERSION").read_text() == "16\n"


def test_a_directory_of_something_else_is_refused_and_kept(directory: Path) -> None:
    directory.mkdir()
    (directory / "holiday.jpg").write_bytes(b"picture")
    with pytest.raises(ForeignDirectory):
        Cluster(directory).start()
    assert (directory / "holiday.jpg").exists()


def test_a_server_that_cannot_start_says_why(directory: Path) -> None:
    with pytest.raises(ClusterFailed, match="no_such_setting"):
        Cluster(directory, settings={"no_such_setting": "1"}).start()
    with Cluster(directory) as cluster:
        write(cluster, "Free them")


def test_directories_are_private_and_nothing_listens_on_tcp(directory: Path) -> None:
    with Cluster(directory) as cluster:
        assert (mode(directory), mode(cluster.socket_directory)) == (0o700, 0o700)
        assert mode(cluster.socket_directory / ".s.PGSQL.5432") == 0o700
        assert cluster.pid
        assert psutil.Process(cluster.pid).net_connections("inet") == []
        with psycopg.connect(cluster.url()) as connection:
            told = connection.execute("SHOW listen_addresses").fetchone()
    assert told == ("",)


@pytest.mark.parametrize("name", ["x" * 120, "a,b"])
def test_a_name_that_a_socket_cannot_bear_gets_a_private_place_elsewhere(
    tmp_path: Path, name: str
) -> None:
    with Cluster(tmp_path / name) as cluster:
        write(cluster, "Free them")
        place = cluster.socket_directory
        assert place.parent == Path(tempfile.gettempdir())
        assert mode(place) == 0o700
    assert not place.exists()


def test_a_socket_directory_prepared_by_mallory_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("x" * 120))
    trap = tmp_path / "trap"
    trap.mkdir()
    cluster.socket_directory.symlink_to(trap)
    try:
        with pytest.raises(ClusterFailed, match="not a private directory"):
            cluster.start()
    finally:
        cluster.socket_directory.unlink()


def test_names_with_spaces_and_signs_arrive_in_the_url(tmp_path: Path) -> None:
    with Cluster(tmp_path / "Amina's données & 100% ?") as cluster:
        write(cluster, "Free them")
        assert cluster.url().isascii()
        assert read(cluster) == ["Free them"]


def test_the_environment_of_another_postgresql_leads_nobody_astray(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"PGPORT": "6543", "PGDATA": "/nowhere", "PGOPTIONS": "-c x=y"}.items():
        monkeypatch.setenv(name, text)
    with Cluster(directory) as cluster:
        assert cluster.exit_code() is None


def test_the_log_never_holds_what_people_typed(directory: Path) -> None:
    with Cluster(directory) as cluster:
        write(cluster, "Free them")
        with closing(psycopg.connect(cluster.url())) as connection:
            with pytest.raises(psycopg.DataError):
                connection.execute("SELECT %s::int", ("Gulnar",))
            connection.rollback()
            connection.execute("CREATE UNIQUE INDEX ON letter (words)")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO letter VALUES ('Free them')")
    log = cluster.log.read_text()
    assert "unique constraint" in log
    assert "Free them" not in log
    assert "INSERT" not in log


def test_a_terminals_ctrl_c_does_not_reach_the_server(directory: Path) -> None:
    with Cluster(directory) as cluster:
        assert cluster.pid
        assert os.getsid(cluster.pid) == cluster.pid != os.getsid(0)


def test_an_ordinary_user_runs_it_without_any_change_of_account(tmp_path: Path) -> None:
    account = unprivileged_account(reach=(tmp_path, Path(sys.executable)))
    place = Path(tempfile.mkdtemp())
    account.own(place)
    script = (
        "import os, sys, json; from pathlib import Path; from tocsin.demo.postgres import Cluster\n"
        "with Cluster(Path(sys.argv[1])) as cluster:\n"
        "    print(json.dumps([os.geteuid(), Path(sys.argv[1]).stat().st_uid, cluster.url()]))\n"
    )
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-c", script, str(place / "postgres")]
        process = account.popen(command, env=os.environ, output=output)
        assert process.wait(60) == 0, output.seek(0) or output.read()
        output.seek(0)
        user, owner, _url = json.loads(output.read())
    assert user == owner == account.uid != 0


def test_socket_names_of_two_clusters_differ(tmp_path: Path) -> None:
    first, second = (Cluster(tmp_path / ("x" * 120) / name) for name in "ab")
    assert first.socket_directory != second.socket_directory
