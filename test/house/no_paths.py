# SPDX-License-Identifier: Apache-2.0
"""Nothing in the project names one machine's folders or the host of a package registry."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from tracked import files

root = pathlib.Path(sys.argv[1])
forbidden = [
    (re.compile(r"(?<![\w.])/(?:home|root|work|Users)/[\w.]"), "a folder of one machine"),
    (re.compile(r"https?://(?:[\w-]+\.)*(?:registry\.[\w.-]+|npmjs\.(?:org|com)|deb\.debian\.org|pypi\.org|"
                r"pythonhosted\.org|proxy\.golang\.org|crates\.io)"), "the host of a package registry"),
    (re.compile(r'"resolved"\s*:\s*"https?:'), "the host of a package registry"),
]
problems = []
checked = 0
for path in files(root):
    if path == pathlib.Path(__file__).resolve():
        continue
    checked += 1
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        for pattern, what in forbidden:
            if pattern.search(line):
                problems.append(f"{path.relative_to(root)}:{number}: {what}")
print("\n".join(problems[:50]) or f"{checked} files are free of machine paths and registry hosts")
sys.exit(bool(problems))
