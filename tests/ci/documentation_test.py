"""The examples of docs/ci.md, each read from the page and run as its service would."""
import os
import re
import stat
import unittest
import xml.etree.ElementTree

import yaml

from action_run import ACTION, ActionRun
from service import BASE, RIGHT, ROOT, VERSION, WRONG, Service, commit, git, run_bash

PAGE = (ROOT / "docs/ci.md").read_text()
REPOSITORY = os.environ["ORDAIN_REPOSITORY"]
RELEASES = f"{REPOSITORY}/releases/download"
FINDING = 'error[index-without-concurrently]: writes to "accounts" wait'


def examples(heading, language):
    """The blocks of one language under a heading of the page."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.M | re.S)


def variables_of(sheet):
    return {name: str(value) for name, value in sheet.items()}


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        cls.addClassCleanup(cls.service.close)

    def job(self, files, script, **variables):
        """Runs a script in a clone of the pull request's branch alone."""
        self.folder = self.service.new_folder("job")
        git(self.folder, "clone", "-q", "--single-branch", "--branch", "change",
            self.service.remote(files).as_uri(), ".")
        environment = self.service.environment(**variables)
        return run_bash(script, self.folder, self.service.with_program(environment))

    def assert_judges(self, run_job):
        """A wrong migration fails the job, and its finding is seen; a harmless one passes."""
        status, output = run_job(WRONG)
        self.assertEqual(status, 1, output)
        self.assertEqual(output.count("error["), 1, output)
        self.assertIn(FINDING, output)
        self.assertIn("migrations/0003_index.sql:1:17", output)
        status, output = run_job(RIGHT)
        self.assertEqual(status, 0, output)

    def test_fetching_the_program(self):
        [script] = examples("The program", "sh")
        self.assertEqual(script.count(RELEASES), 1)
        self.assertIn(f"ORDAIN_VERSION={VERSION}\n", script)
        script = script.replace(RELEASES, self.service.releases_url) + "ordain --version\n"
        folder = self.service.new_folder("fetch")
        status, output = run_bash(script, folder, self.service.environment())
        self.assertEqual(status, 0, output)
        self.assertRegex(output, rf": OK\nordain {re.escape(VERSION)} \(")

    def test_github_action(self):
        self.assertEqual(ACTION["inputs"]["releases"]["default"], RELEASES)
        workflow = yaml.safe_load(examples("GitHub Actions", "yaml")[0])
        checkout, action = workflow["jobs"]["migrations"]["steps"]
        self.assertEqual(checkout["with"]["fetch-depth"], 0)
        owner_and_name = REPOSITORY.removeprefix("https://github.com/")
        self.assertEqual(action["uses"], f"{owner_and_name}@v{VERSION}")
        inputs = {**action["with"], "releases": self.service.releases_url}
        for files, status in ((WRONG, 1), (RIGHT, 0)):
            folder = self.service.checkout(self.service.remote(files), depth=0)
            run = ActionRun(self.service, folder, inputs, GITHUB_BASE_REF="trunk")
            self.assertEqual(run.status, status, run.output)
            self.assertTrue(run.uploaded.is_file())

    def test_github_without_the_action(self):
        checkout, check, upload = yaml.safe_load(examples("GitHub Actions", "yaml")[1])["steps"]
        self.assertEqual(checkout["with"]["fetch-depth"], 0)
        for files, status in ((WRONG, 1), (RIGHT, 0)):
            folder = self.service.checkout(self.service.remote(files, base="main"), depth=0)
            environment = self.service.with_program(self.service.environment())
            self.assertEqual(run_bash(check["run"], folder, environment)[0], status)
            self.assertTrue((folder / upload["with"]["sarif_file"]).is_file())

    def test_gitlab(self):
        job = yaml.safe_load(examples("GitLab CI", "yaml")[0])["migrations"]
        self.assertEqual(job["variables"]["ORDAIN_RELEASES"], RELEASES)
        self.assertEqual(job["variables"]["ORDAIN_VERSION"], VERSION)
        self.assertEqual(job["variables"]["GIT_DEPTH"], 0)
        variables = {**variables_of(job["variables"]),
                     "ORDAIN_RELEASES": self.service.releases_url,
                     "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "trunk"}
        self.assert_judges(lambda files: self.job(files, "\n".join(job["script"]), **variables))
        report = xml.etree.ElementTree.parse(self.folder / job["artifacts"]["reports"]["junit"])
        cases = [case.get("name") for case in report.getroot().iter("testcase")]
        self.assertEqual(cases, ["0003_name"])

    def test_jenkins(self):
        [stage] = examples("Jenkins", "groovy")
        script = "\n".join(re.findall(r"sh '(.*)'", stage))
        self.assert_judges(lambda files: self.job(files, script, CHANGE_TARGET="trunk"))
        [report] = re.findall(r"testResults: '(.*?)'", stage)
        self.assertTrue((self.folder / report).is_file())

    def test_buildkite(self):
        [step] = yaml.safe_load(examples("Buildkite, and any other", "yaml")[0])["steps"]
        self.assert_judges(lambda files: self.job(files, "\n".join(step["commands"]),
                                                  BUILDKITE_PIPELINE_DEFAULT_BRANCH="trunk"))

    def test_pre_commit(self):
        [configuration] = examples("pre-commit", "yaml")
        [hooks] = yaml.safe_load(configuration)["repos"]
        self.assertEqual((hooks["repo"], hooks["rev"]), (REPOSITORY, f"v{VERSION}"))
        hook_folder = self.service.new_folder("hooks")
        git(hook_folder, "init", "-q")
        commit(hook_folder, {".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_text()})
        git(hook_folder, "tag", f"v{VERSION}")
        configuration = configuration.replace(REPOSITORY, hook_folder.as_uri())
        self.assert_judges(lambda files: self.commit_with(
            files, {".pre-commit-config.yaml": configuration}, "pre-commit run"))

    def test_plain_hook(self):
        [hook] = examples("A plain git hook", "sh")
        path = self.service.new_folder("hook") / "pre-commit"
        path.write_text(hook)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        identity = "git -c user.name=t -c user.email=t@example.com -c commit.gpgsign=false"
        self.assert_judges(lambda files: self.commit_with(
            files, {}, f"{identity} -c core.hooksPath='{path.parent}' commit -m change"))

    def commit_with(self, files, more, command):
        """Runs a command where files are about to be committed."""
        folder = self.service.new_folder("work")
        git(folder, "init", "-q", "-b", "main")
        commit(folder, BASE)
        for name, text in {**files, **more}.items():
            (folder / name).write_text(text)
        git(folder, "add", "-A")
        environment = self.service.with_program(self.service.environment())
        return run_bash(command, folder, environment)


if __name__ == "__main__":
    unittest.main()
