#!/usr/bin/env python3
"""lock_test.py LOCKED.abi CC: the lock lets additions pass and catches breaks, each made to a copy of the headers."""

import pathlib
import shutil
import sys
import tempfile

import abidiff
import layout

# What is changed, in which header, from what, to what, and whether old plugins still fit.
CASES = [
    ("nothing", "entry.h", "", "", True),
    ("a field at the end", "entry.h", "uint32_t budget_ms;", "uint32_t budget_ms;\n    uint64_t more;", True),
    ("an action at the end", "exchange.h", "uint64_t count) BAY_NOEXCEPT;\n#endif",
     "uint64_t count) BAY_NOEXCEPT;\n#endif\n    bay_status(BAY_CALL* more)(bay_out* o) BAY_NOEXCEPT;", True),
    ("a new struct", "guardrail.h", "struct bay_verdict {", "struct bay_more {\n    uint64_t a;\n};\nstruct bay_verdict {", True),
    ("a field in the middle", "exchange.h", "    uint32_t total_ms;", "    uint64_t more;\n    uint32_t total_ms;", False),
    ("a field is gone", "provider.h", "    bay_str upstream_body;", "", False),
    ("a frozen struct grew", "exchange.h", "    uint64_t len;\n} bay_seg;", "    uint64_t len;\n    uint64_t more;\n} bay_seg;", False),
    ("a field of another sign", "provider.h", "    uint32_t cls;", "    int32_t cls;", False),
    ("a pointer to something else", "provider.h", "const bay_part* parts;", "const bay_kv* parts;", False),
    ("a parameter of another type", "exchange.h", "uint32_t timer, uint32_t after_ms", "uint32_t timer, uint64_t after_ms", False),
    ("a parameter more", "exchange.h", "(bay_out* o, uint32_t call) BAY_NOEXCEPT;",
     "(bay_out* o, uint32_t call, uint32_t more) BAY_NOEXCEPT;", False),
    ("a new field and a break in one struct", "entry.h", "uint32_t attempt; ", "int64_t attempt; uint64_t more; ", False),
]  # fmt: skip


def main(locked, compiler):
    wrong = 0
    for what, header, old, new, fits in CASES:
        with tempfile.TemporaryDirectory() as folder:
            include = pathlib.Path(folder) / "include"
            shutil.copytree(layout.INCLUDE, include)
            path = include / "patchbay" / header
            text = path.read_text()
            if old not in text:
                raise SystemExit(f"lock_test.py: {what}: {header} has no '{old}'")
            path.write_text(text.replace(old, new))
            print(f"-- {what}", flush=True)
            passed = abidiff.check(locked, compiler, include) == 0
            if passed != fits:
                print(f"WRONG: {what}: {'passed' if passed else 'was refused'}")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
