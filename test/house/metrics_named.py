# SPDX-License-Identifier: Apache-2.0
"""Dashboard and alert rules name only metrics that the sources write, and the alarms' page explains every alarm."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
written = set()
for source in (root / "src").rglob("*.cpp"):
    written |= set(re.findall(r'"(aula_[a-z0-9_]+)"', source.read_text()))
problems = []
for file in [root / "packaging/grafana/aula.json", root / "packaging/prometheus/aula.rules.yml"]:
    named = set(re.findall(r"\baula_[a-z0-9_]+", file.read_text()))
    problems += [f"{file.relative_to(root)}: nobody writes {name}" for name in sorted(named - written)]
alarms = set(re.findall(r"alert: (\w+)", (root / "packaging/prometheus/aula.rules.yml").read_text()))
explained = (root / "docs/operating/alarms.md").read_text()
problems += [f"docs/operating/alarms.md does not explain {alarm}" for alarm in sorted(alarms) if alarm not in explained]
if not alarms:
    problems.append("no alarms found")
print("\n".join(problems) or f"{len(alarms)} alarms and the dashboard name what there is")
sys.exit(bool(problems))
