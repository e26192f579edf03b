# SPDX-License-Identifier: Apache-2.0
"""The names that docs/tour.md gives in backquotes exist in the sources, so the tour cannot go stale.

Checked are `Type::function`, `function()`, and paths with a slash or a suffix of ours.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
tour = root / "docs/tour.md"
if not tour.exists():
    print("no docs/tour.md yet")
    sys.exit(0)

sources = [p for top in ("src", "web/src") for p in (root / top).rglob("*")
           if p.suffix in (".cpp", ".hpp", ".proto", ".ts", ".tsx")]
text = "\n".join(p.read_text(errors="replace") for p in sources)
words = set(re.findall(r"[A-Za-z_]\w*", text))

problems = []
checked = 0
for name in re.findall(r"`([^`\n]+)`", tour.read_text()):
    called = re.fullmatch(r"((?:\w+::)*~?\w+)\(\)", name)
    scoped = re.fullmatch(r"(?:\w+::)+~?\w+", name)
    path = re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+", name)
    if called or scoped:
        checked += 1
        for word in re.findall(r"\w+", name):
            if word not in words and word not in ("std",):
                problems.append(f"docs/tour.md: `{name}`: no {word} in the sources")
    elif path and re.search(r"\.(cpp|hpp|proto|ts|tsx|md|txt)$", name):
        checked += 1
        if not any((root / top / name).exists() for top in ("", "src", "web/src")):
            problems.append(f"docs/tour.md: `{name}`: no such file")

print("\n".join(problems) or f"{checked} names of the tour exist")
sys.exit(bool(problems))
