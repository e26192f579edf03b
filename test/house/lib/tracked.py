# SPDX-License-Identifier: Apache-2.0
"""The text files that belong to the project: tracked, or new and not ignored."""
import pathlib
import subprocess


def files(root: pathlib.Path) -> list[pathlib.Path]:
    names = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                           capture_output=True, check=True, text=True).stdout
    paths = [root / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]
