"""Runs action.yml as GitHub's runner would: its `run` steps, with inputs and files for the job.

https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
"""
import re

import yaml

from service import ROOT, run_bash

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class ActionRun:
    """What a use of the action did."""

    def __init__(self, service, checkout, inputs, **variables):
        unknown = set(inputs) - set(ACTION["inputs"])
        assert not unknown, f"action.yml has no input {unknown}"
        self.inputs = {name: str(inputs.get(name, sheet["default"]))
                       for name, sheet in ACTION["inputs"].items()}
        self.status = 0
        self.output = ""
        self.uploaded = None
        temp = service.new_folder("runner")
        self.path_file = temp / "path"
        self.path_file.touch()
        self.environment = service.environment(
            GITHUB_ACTIONS="true", GITHUB_ACTION_PATH=str(ROOT), GITHUB_PATH=str(self.path_file),
            GITHUB_WORKSPACE=str(checkout), RUNNER_TEMP=str(temp), **variables)
        for step in ACTION["runs"]["steps"]:
            self._run(step, checkout)

    def _run(self, step, checkout):
        if not self._wanted(step.get("if")):
            return
        if "uses" in step:
            self.uploaded = checkout / self._evaluated(step["with"]["sarif_file"])
            return
        assert step["shell"] == "bash"
        # An input in the script itself would be run by the shell.
        assert "${{" not in step["run"]
        paths = reversed(self.path_file.read_text().split())
        environment = {**self.environment,
                       **{name: self._evaluated(text) for name, text in step["env"].items()}}
        environment["PATH"] = ":".join([*paths, environment["PATH"]])
        status, output = run_bash(step["run"], checkout, environment)
        self.status = self.status or status
        self.output += output

    def _wanted(self, condition):
        if condition is None:
            return self.status == 0
        assert condition == "(success() || failure()) && inputs.upload-sarif == 'true'"
        return self.inputs["upload-sarif"] == "true"

    def _evaluated(self, text):
        def value(match):
            context, name = match[1].split(".")
            assert context == "inputs", match[0]
            return self.inputs[name]
        return EXPRESSION.sub(value, text)
