# SPDX-License-Identifier: Apache-2.0
"""Every source of ours names its licence within its first two lines."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from tracked import files

ours = {".cpp", ".hpp", ".proto", ".py", ".ts", ".tsx", ".mjs", ".js", ".css", ".cmake", ".sh"}
root = pathlib.Path(sys.argv[1])
checked = [path for path in files(root)
           if (path.suffix in ours or path.name in ("dev", "CMakeLists.txt")) and "corpus" not in path.parts]
problems = [f"{path.relative_to(root)}: no SPDX line" for path in checked
            if not any("SPDX-License-Identifier: Apache-2.0" in line for line in path.read_text().splitlines()[:2])]
if not checked:
    problems.append("no sources found")
print("\n".join(problems) or f"{len(checked)} files name their licence")
sys.exit(bool(problems))
