# SPDX-License-Identifier: Apache-2.0
"""Every project include in src/ goes along an edge of src/layers.txt, and every edge points upwards in the file."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {}
problems = []
for line in (root / "src/layers.txt").read_text().splitlines():
    line = line.split("#")[0].strip()
    if not line:
        continue
    module, lower = line.split(":")
    lower = lower.split()
    for name in lower:
        if name not in allowed:
            problems.append(f"src/layers.txt: {module} names {name}, which is not above it")
    allowed[module] = {module, "base", *lower}

include = re.compile(r'^\s*#\s*include\s*"([^"/]+)/[^"]+"', re.MULTILINE)
checked = 0
for folder in sorted((root / "src").iterdir()):
    if not folder.is_dir():
        continue
    if folder.name not in allowed:
        problems.append(f"src/{folder.name}: not in src/layers.txt")
        continue
    for source in sorted(folder.rglob("*.[ch]pp")):
        checked += 1
        for used in include.findall(source.read_text()):
            if used not in allowed[folder.name]:
                problems.append(f"{source.relative_to(root)}: {folder.name} may not include {used}")

if checked == 0:
    problems.append("no sources found")
print("\n".join(problems) or f"{checked} files keep the layers")
sys.exit(bool(problems))
