#!/usr/bin/env python3
"""compile_examples.py DOCUMENT CXX FLAG...: every ```cpp block of a document is a whole source; each must compile."""

import pathlib
import re
import subprocess
import sys
import tempfile


def main(document, compiler, *flags):
    blocks = re.findall(r"^```cpp\n(.*?)^```$", pathlib.Path(document).read_text(), flags=re.M | re.S)
    if not blocks:
        print(f"{document}: no ```cpp block")
        return 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, block in enumerate(blocks, 1):
            source = pathlib.Path(folder) / f"example_{number}.cpp"
            source.write_text(block)
            command = [compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *flags, str(source)]
            failed |= subprocess.run(command).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
