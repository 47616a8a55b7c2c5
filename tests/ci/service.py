"""What a CI service has for its jobs: a repository with a pull request, and releases of Ordain."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION = os.environ["ORDAIN_VERSION"]
RELEASE = f"ordain-{VERSION}-linux-x86_64"

BASE = {
    "migrations/0001_accounts.sql": "CREATE TABLE accounts (id bigint PRIMARY KEY, email text);\n",
    "migrations/0002_index.sql": "CREATE INDEX ON accounts (email);\n",
}
WRONG = {"migrations/0003_index.sql": "CREATE INDEX ON accounts (lower(email));\n"}
RIGHT = {"migrations/0003_name.sql": "ALTER TABLE accounts ADD COLUMN name text;\n"}
# Found by no rule that is an error.
WARNED = {"migrations/0003_orders.sql": "CREATE TABLE orders (note text);\n"}


def git(folder, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    # As for CI: no settings of whoever runs this.
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def commit(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change")


class Service:
    """A remote repository whose branch `change` adds to `trunk`, and a folder of releases."""

    def __init__(self):
        self._scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._scratch.name)
        self.releases = self.folder / "releases"
        self.archive = self.releases / f"v{VERSION}" / f"{RELEASE}.tar.gz"
        self.archive.parent.mkdir(parents=True)
        program = self.folder / "ordain"
        subprocess.run(["strip", "-o", program, os.environ["ORDAIN_PROGRAM"]], check=True)
        with tarfile.open(self.archive, "w:gz", compresslevel=1) as archive:
            archive.add(program, f"{RELEASE}/bin/ordain")
        digest = hashlib.sha256(self.archive.read_bytes()).hexdigest()
        self.archive.with_name(f"{RELEASE}.tar.gz.sha256").write_text(
            f"{digest}  {RELEASE}.tar.gz\n")
        self.count = 0

    def close(self):
        self._scratch.cleanup()

    @property
    def releases_url(self):
        return self.releases.as_uri()

    def new_folder(self, name):
        self.count += 1
        folder = self.folder / f"{name}{self.count}"
        folder.mkdir()
        return folder

    def remote(self, files, base="trunk"):
        """A repository where the pull request adds these files."""
        folder = self.new_folder("remote")
        git(folder, "init", "-q", "-b", base)
        commit(folder, BASE)
        git(folder, "checkout", "-q", "-b", "change")
        commit(folder, files)
        return folder

    def checkout(self, remote, depth):
        """The branch `change` as actions/checkout fetches it: all branches, or one commit."""
        folder = self.new_folder("checkout")
        git(folder, "init", "-q", "-b", "main")
        git(folder, "remote", "add", "origin", remote.as_uri())
        if depth:
            git(folder, "fetch", "-q", f"--depth={depth}", "origin",
                "+refs/heads/change:refs/remotes/origin/change")
        else:
            git(folder, "fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
        git(folder, "checkout", "-q", "--detach", "origin/change")
        return folder

    def environment(self, **more):
        """Of a job: nothing of whoever runs this but what programs need, and no Ordain."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(home), "LC_ALL": "C.UTF-8", "CI": "true", **more}

    def with_program(self, environment):
        """The same with `ordain` in PATH."""
        folder = self.folder / "bin"
        if not folder.exists():
            folder.mkdir()
            (folder / "ordain").symlink_to(os.environ["ORDAIN_PROGRAM"])
        return {**environment, "PATH": f"{folder}:{environment['PATH']}"}


def run_bash(script, folder, environment):
    """As the services' runners do: status, and standard output with standard error."""
    run = subprocess.run([shutil.which("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                         cwd=folder, env=environment, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    return run.returncode, run.stdout
