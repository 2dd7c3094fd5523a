# Two commands do everything on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
DEV := .venv/.dev-installed
RUN := .venv/.installed

# What was compiled once is kept for all processes: the tests start some thousand.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types collect tests verdicts wheel-tests test-bounds test-windows mutants fuzz bench packages lock messages docs clean

# Install what is needed, and play the main job on the shipped office.
run: $(RUN)
	$(BIN)/bcp demo
	@echo 'To type "bcp" in this terminal, type this first: export PATH="$(CURDIR)/$(BIN):$$PATH"'

# Everything that CI does: lint, types, tests on the checkout, the core tests again on the built wheel.
test: packages $(DEV)
	$(MAKE) --no-print-directory --jobs 3 lint types collect
	$(MAKE) --no-print-directory tests wheel-tests

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

# Reads all tests once, which compiles them: else each worker of the next would do so.
collect: $(DEV)
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null

# Eight at once on two cores: many tests wait for a network, a time-out or a terminal.
tests: $(DEV)
	$(BIN)/python -m pytest -n 8

# The wheel, not the checkout: installed apart, tried from another folder.
wheel-tests: $(DEV)
	$(BIN)/python tools/wheel_tests.py

# The same with the oldest library versions that pyproject.toml allows; the lock has the newest.
test-bounds: $(DEV)
	$(BIN)/python tools/wheel_tests.py --lowest

# The verdicts on all faults of the laboratory once more, five of each, with nothing else going on.
verdicts: $(DEV)
	BCP_VERDICTS=5 $(BIN)/python -m pytest -n 0 tests/lab/test_verdicts.py

# The wheel once more, on Windows' Python under wine. Where that cannot be had it says so and goes on, but not in CI.
test-windows: $(DEV)
	@$(PYTHON) tools/debian_packages.py tests/apt-packages-windows.txt
	$(BIN)/python tools/windows_tests.py $(TESTS)

# Small changes of the lines that changed since BASE, or of whole FILES: which of them does no test near them notice?
MINUTES ?= 10
mutants: $(DEV)
	$(BIN)/python -m tools.mutants $(if $(BASE),--base $(BASE)) --minutes $(MINUTES) --tests "$(TESTS)" $(FILES)

# Damaged files, mails, archives and answers for MINUTES: does a command break? All of it, or one AREA; SEED once more.
fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz.hunt --seconds $$(($(MINUTES) * 60)) $(if $(SEED),--seed $(SEED)) $(if $(AREA),--area $(AREA))

BENCHES := $(filter-out bench/measure.py,$(wildcard bench/*.py))
bench: $(DEV)
	@missed=; for each in $(BENCHES); do echo "== $$each"; $(BIN)/python "$$each" || missed="$$missed $$each"; done; \
	test -z "$$missed" || { echo "a number was not held in:$$missed"; exit 1; }

# Debian packages that tests use for real; without root, their tests say so loudly and are left out.
packages:
	@$(PYTHON) tools/debian_packages.py

# The exact versions with their hashes, for every system; no index address.
lock: $(DEV)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		--output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
		--group dev --output-file requirements-dev.lock pyproject.toml

# The page of all commands, made from the commands.
docs: $(DEV)
	$(BIN)/python tools/docs.py

# The texts that translators get, and what they made of them.
messages: $(DEV)
	$(BIN)/python tools/messages.py

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(RUN): $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(DEV): $(BIN)/python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
