"""Measure inkdigits and its peers side by side; print tables, write results/speed-*.json.

    python -m benchmarks.speed                    everything: about 12 minutes on two quiet cores
    python -m benchmarks.speed --resume           go on with one of this commit that was interrupted
    python -m benchmarks.speed --quick            fewer repeats: about 6 minutes
    python -m benchmarks.speed --parts startup arrays
    python -m benchmarks.speed --install          only make the peers' environments
    python -m benchmarks.speed --table            only print what has been measured

The figures by which inkdigits is judged are put together in results/speed-figures.json.

Peers are installed the first time, in $INKDIGITS_BENCH or the user's cache, in some minutes.
"""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.speed.environments import REQUIREMENTS, cache_folder, environment
from benchmarks.speed.figures import figures, figures_as_text, save_figures
from benchmarks.speed.kept import KeptRuns
from benchmarks.speed.machine import commit
from benchmarks.speed.parts import Part, parts
from benchmarks.speed.results import as_text, load, save
from benchmarks.speed.setting import Setting, plain_data

# Minutes after which no further round is started, for each part by its share.
_MINUTES = {False: 10.0, True: 5.0}
_SHARES = {
    "startup": 0.08,
    "arrays": 0.16,
    "files": 0.1,
    "training": 0.54,
    "ladder": 0.08,
    "floor": 0.04,
}


def main() -> None:
    """Measure the parts asked for."""
    known = parts()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="*", choices=list(known), default=list(known))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--minutes", type=float, help="for everything; less repeats fit in less")
    parser.add_argument("--resume", action="store_true", help="take up runs that are done")
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    if arguments.table:
        for name in arguments.parts:
            print(as_text(known[name], load(name)))
        print(figures_as_text(figures()))
        return
    if arguments.install:
        for name in REQUIREMENTS:
            found = environment(name)
            print(f"{name}: {found.missing or found.python}")
        return
    minutes = arguments.minutes or _MINUTES[arguments.quick]
    data, about = plain_data()
    failed = []
    for name in arguments.parts:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            _measure(name, known[name], data, about, arguments, 60 * minutes * _SHARES[name])
        except Exception:  # the other parts are worth having
            traceback.print_exc()
            failed.append(name)
    save_figures()
    print(figures_as_text(figures()), flush=True)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _measure(
    name: str, part: Part, data: Path, about: str, asked: argparse.Namespace, seconds: float
) -> None:
    left = cache_folder() / f"unfinished-{name}.jsonl"
    kept = KeptRuns(left, commit(), go_on=asked.resume)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(asked.quick, time.monotonic() + seconds, Path(folder), data, kept)
        start = time.monotonic()
        records = part.measure(setting)
        taken = time.monotonic() - start
    results = save(name, records, data=about, quick=asked.quick, seconds=round(taken))
    kept.forget()
    print(as_text(part, results), flush=True)


if __name__ == "__main__":
    main()
