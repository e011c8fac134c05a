"""Runs rows of the benchmark; scripts/bench builds what is needed and starts this."""

import argparse
import os
import signal
import sys

from harness import report, windows
from harness.bench import Bench
from harness.result import Result
from harness.rows import ROWS


def chosen(names):
    known = {row.name: row for row in ROWS}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"bench: no such row: {', '.join(unknown)} (rows: {', '.join(known)})")
    return [row for row in ROWS if not names or row.name in names]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="short windows, 3 pairs: for development")
    parser.add_argument("--list", action="store_true", help="the rows")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    options = parser.parse_args()
    rows = chosen(options.rows)
    if options.list:
        print("\n".join(row.name for row in ROWS))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(options.build, options.quick)
    seconds = sum(row.quick_seconds if options.quick else row.full_seconds for row in rows)
    facts = report.machine(bench)
    report.print_machine(facts)
    print(f"{len(rows)} rows, about {seconds // 60} min {seconds % 60} s")
    report.print_header()
    results = []
    try:
        for row in rows:
            try:
                measured = row.measure(bench)
            except windows.Void as void:
                measured = [Result(row.name, "", None, error=f"{void}")]
            for result in measured:
                report.print_result(result)
            results += measured
            facts["load after"] = "%.2f %.2f %.2f" % os.getloadavg()
            path = report.save(bench, facts, results)
    finally:
        bench.close()
    for note in bench.notes:
        print("note: " + note)
    print(f"\n{path}")
    met = [result.met() for result in results]
    if None not in met and not bench.notes:
        bench.remove_scratch()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
