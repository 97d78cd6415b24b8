# Two commands: `make demo` and `make test`. Each makes its own virtual environment where there is none.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check browser golden picture faults bench clean

demo: .venv/installed
	$(BIN)/mediation demo

test: check browser
	$(BIN)/pytest -n auto

# The quick one: form, types, floors, drawings.
check: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mediation workflow check
	$(BIN)/python docs/picture.py --check

# The browser that the tests of the pages look through: Debian's own. Where it cannot be had they are skipped.
browser:
	@test -x /usr/bin/chromium || ! command -v apt-get >/dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
		chromium fonts-noto-cjk >/dev/null; } || echo "no chromium: its tests will be skipped"

# The fingerprints of the rules and the golden histories, made anew; for a commit that changes rules not yet released.
golden: .venv/tested
	$(BIN)/python -m tests.histories.record

# The rooms and what they import, drawn into docs/architecture.md.
picture: .venv/tested
	$(BIN)/python docs/picture.py

# Kills, torn logs, failing calls, crowds, full disks, tampering, many times each; FAULTS=5 tries five times as many.
faults: .venv/tested
	FAULTS='$(FAULTS)' SEED='$(SEED)' $(BIN)/python -m tests.faults

# Every figure beside its raw limit; some minutes, and some gigabytes of disk while it runs.
bench: .venv/tested
	$(BIN)/python -m bench

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/tested: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch .venv/installed $@

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
