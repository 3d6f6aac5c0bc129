"""The prepared Postgres: a cluster with the target's role and database, and programs to run it."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from blackstart.model.errors import StartError
from blackstart.stacks import programs
from blackstart.stacks.templates import location, template
from blackstart.stacks.waits import until_done
from blackstart.warden.client import Warden

# Raised whenever this file comes to make something else of the same engine.
RECIPE = 2
INITDB_LIMIT_S = 60.0
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}

# Shared memory as files of the cluster from the start: a kill of initdb left it in /dev/shm.
MEMORY = ("-c", "dynamic_shared_memory_type=mmap")
INITDB = ("-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C", *MEMORY)
# Small segments: a template that is copied in 30 ms, and archives that fill in a drill's time.
SEGMENTS = "--wal-segsize=1"
PREPARE = "CREATE ROLE app LOGIN\nCREATE DATABASE app OWNER app\n"


@dataclass(frozen=True, kw_only=True)
class PostgresTemplate:
    """Where the programs lie and what a new cluster is copied from."""

    programs: Path
    cluster: Path


def server_user() -> str | None:
    """Who Postgres runs as: it refuses root. ``None``: whoever runs this."""
    return "nobody" if os.geteuid() == 0 else None


def postgres_template(warden: Warden) -> PostgresTemplate:
    """The template of the installed engine; made on the first call on this machine (about 1 s)."""
    user = server_user()
    package = programs.postgres_package()
    key = f"postgres-{programs.postgres_version()}-{user or os.geteuid()}-{RECIPE}"
    tree = template(
        key,
        lambda work: _build(work, package, warden, user),
        root=location(otherwise=warden.root),
    )
    return PostgresTemplate(programs=_bin(tree, package, user), cluster=tree / "cluster")


def _bin(tree: Path, package: Path, user: str | None) -> Path:
    # Another user may not be able to enter the environment that the package is installed in.
    return (package if user is None else tree / package.name) / "pginstall" / "bin"


def _build(work: Path, package: Path, warden: Warden, user: str | None) -> None:
    if user is not None:
        _check_enterable(work.parent, user)
        _copy_programs(package, work)
    cluster, log, prepare = work / "cluster", work / "log", work / "prepare.sql"
    cluster.mkdir(mode=0o700)
    if user is not None:
        identity = pwd.getpwnam(user)
        os.chown(cluster, identity.pw_uid, identity.pw_gid)
    prepare.write_text(PREPARE)
    binaries = _bin(work, package, user)

    def run(name: str, *argv: str | Path, stdin: Path | None = None) -> None:
        process = warden.spawn(argv, name=name, env=ENV, log=log, user=user, stdin=stdin)
        until_done(process, limit_s=INITDB_LIMIT_S)

    run("initdb", binaries / "initdb", "-D", cluster, *INITDB, SEGMENTS)
    single = (
        binaries / "postgres",
        "--single",
        "-D",
        cluster,
        "-c",
        "exit_on_error=on",
        "postgres",
    )
    run("initdb: role and database", *single, stdin=prepare)
    log.unlink()
    prepare.unlink()


def _check_enterable(root: Path, user: str) -> None:
    for part in (root, *root.parents):
        if not part.stat().st_mode & stat.S_IXOTH:
            raise StartError(
                f"Postgres can't run from {root}: it refuses root, and {user} can't enter {part}",
                fix="set BLACKSTART_CACHE to a directory that every user can enter",
            )


def _copy_programs(package: Path, work: Path) -> None:
    """Copy the programs, and the libraries that lie beside the package, for others to run."""
    libraries = package.with_name(f"{package.name}.libs")
    skip = shutil.ignore_patterns("include", "__pycache__")
    shutil.copytree(package / "pginstall", work / package.name / "pginstall", ignore=skip)
    if libraries.is_dir():
        shutil.copytree(libraries, work / libraries.name)
    for parent, _, names in os.walk(work):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            mode = path.stat().st_mode & 0o7777
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
