import json
import unittest

from action_run import ACTION, ActionRun
from service import RIGHT, RELEASE, VERSION, WARNED, WRONG, Service

FOUND = ("::error file=migrations/0003_index.sql,line=1,endLine=1,col=17,endColumn=25,"
         "title=ordain (index-without-concurrently)::writes to \"accounts\" wait")


class Action(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        cls.addClassCleanup(cls.service.close)

    def run_action(self, files, depth=0, base="trunk", **inputs):
        self.checkout = self.service.checkout(self.service.remote(files), depth)
        inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        return ActionRun(self.service, self.checkout,
                         {"releases": self.service.releases_url, **inputs}, GITHUB_BASE_REF=base)

    def annotations(self, run):
        return [line for line in run.output.splitlines() if line.startswith("::")]

    def test_reports_what_the_pull_request_adds(self):
        run = self.run_action(WRONG, paths="migrations", upload_sarif="true")
        self.assertEqual(run.status, 1, run.output)
        self.assertEqual(len(self.annotations(run)), 1, run.output)
        self.assertTrue(self.annotations(run)[0].startswith(FOUND), run.output)
        self.assertEqual(run.uploaded, self.checkout / "ordain.sarif")
        results = json.loads(run.uploaded.read_text())["runs"][0]["results"]
        self.assertEqual([result["ruleId"] for result in results], ["index-without-concurrently"])

    def test_passes_what_is_harmless(self):
        run = self.run_action(RIGHT)
        self.assertEqual(run.status, 0, run.output)
        self.assertEqual(self.annotations(run), [])
        self.assertTrue((self.checkout / "ordain.sarif").is_file())
        self.assertIsNone(run.uploaded)

    def test_judges_all_where_it_is_told_so(self):
        run = self.run_action(RIGHT, args="--all --rule index-without-concurrently=warning")
        self.assertEqual(run.status, 0, run.output)
        self.assertIn("::warning file=migrations/0002_index.sql,line=1", run.output)

    def test_fails_from_the_severity_of_fail_on(self):
        self.assertEqual(self.run_action(WARNED).status, 0)
        self.assertEqual(self.run_action(WARNED, fail_on="note").status, 1)

    def test_takes_several_paths_one_a_line(self):
        files = {**WRONG, "more migrations/0001_x.sql": "DROP TABLE y;\n"}
        run = self.run_action(files, paths="migrations\nmore migrations\n")
        self.assertEqual(run.status, 1, run.output)
        self.assertIn("file=migrations/0003_index.sql", run.output)
        self.assertIn("file=more migrations/0001_x.sql", run.output)

    def test_inputs_are_no_shell(self):
        run = self.run_action(RIGHT, paths="$(touch made)", sarif="a b.sarif", since="`touch made`")
        self.assertEqual(run.status, 2, run.output)
        self.assertFalse((self.checkout / "made").exists())

    def test_says_what_a_shallow_checkout_lacks(self):
        run = self.run_action(WRONG, depth=1, base="")
        self.assertEqual(run.status, 2, run.output)
        self.assertEqual(len(self.annotations(run)), 1, run.output)
        self.assertTrue(self.annotations(run)[0].startswith(
            "::error title=ordain::the clone is shallow"), run.output)
        self.assertIn("(for actions/checkout: fetch-depth: 0)", self.annotations(run)[0])

    def test_says_so_for_a_pull_request_too(self):
        run = self.run_action(WRONG, depth=1)
        self.assertEqual(run.status, 2, run.output)
        self.assertIn("fetch-depth: 0", self.annotations(run)[0])

    def test_runs_no_release_that_is_not_what_was_pinned(self):
        run = self.run_action(RIGHT, sha256="0" * 64)
        self.assertEqual(run.status, 2, run.output)
        self.assertEqual(self.annotations(run), [
            f"::error title=ordain::{self.service.releases_url}/v{VERSION}/{RELEASE}.tar.gz is not "
            "what its SHA-256 says; nothing of it was run"])
        self.assertFalse((self.checkout / "ordain.sarif").exists())

    def test_says_which_release_is_missing(self):
        run = self.run_action(RIGHT, version="9.9.9")
        self.assertEqual(run.status, 2, run.output)
        self.assertEqual(len(self.annotations(run)), 1, run.output)
        self.assertIn("is there a release 9.9.9?", self.annotations(run)[0])

    def test_annotates_with_every_character(self):
        run = self.run_action(RIGHT, paths="100%25")
        self.assertEqual(run.status, 2, run.output)
        self.assertIn("100%2525", self.annotations(run)[0])

    def test_runs_this_version_by_default(self):
        self.assertEqual(ACTION["inputs"]["version"]["default"], VERSION)


if __name__ == "__main__":
    unittest.main()
