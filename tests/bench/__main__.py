"""`python -m tests.bench [index] [night] [pages] [enumeration]`: runs the benchmarks and prints their tables."""

import sys

from tests.bench import enumeration, index, night, pages

BENCHES = {"index": lambda: index.main([]), "night": lambda: night.main([]), "pages": pages.run,
           "enumeration": enumeration.run}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or BENCHES:
        if wanted not in BENCHES:
            sys.exit(f"There is no benchmark {wanted}; there are: {', '.join(BENCHES)}")
        BENCHES[wanted]()
