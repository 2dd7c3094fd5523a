"""Answers: sixty mixed ones come in, drawn from seeds, and each must be taken for what it is.

People in five languages (through lists, from phones, in old encodings), bounces of eight kinds of server, programs,
programs whose answer needs a look, requests, and mails that nobody can read. `tests/answers.py` draws them; a letter of
ours went to each of sixty contacts before. What is printed beside the number is each that was taken for another.
`python bench/answers.py SEED` tries one seed.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

from measure import ROOT, told

sys.path.insert(0, str(ROOT))

from tests.answering import Answered, answered
from tests.answers import COUNT

SEEDS, HOLD = 10, 2


def main() -> int:
    """Whether of each sixty at most two were taken for something else."""
    seeds = [int(sys.argv[1])] if sys.argv[1:] else list(range(SEEDS))
    logging.disable()
    wrong = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            wrong[seed] = [one for one in answered(Path(folder) / str(seed), seed) if not one.is_right]
    confusion = Counter(_words(one) for mistakes in wrong.values() for one in mistakes)
    for words, count in confusion.most_common():
        print(f"{count:>4}  {words}")
    worst = max(len(mistakes) for mistakes in wrong.values())
    what = f"answers of {COUNT} that were taken for another, in the worst of {len(seeds)} seeds"
    return 0 if told(what, worst, HOLD, "") else 1


def _words(one: Answered) -> str:
    return f"{one.answer.what} ({one.answer.kind}) taken for {one.found}"


if __name__ == "__main__":
    raise SystemExit(main())
