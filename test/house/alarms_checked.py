# SPDX-License-Identifier: Apache-2.0
"""Prometheus accepts the alert rules, and they fire when they should."""
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1]) / "packaging/prometheus"
for command in (["check", "rules", "aula.rules.yml"], ["test", "rules", "aula.rules.test.yml"]):
    done = subprocess.run(["promtool", *command], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
print("the alert rules hold")
