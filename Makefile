# Two commands: `make demo` and `make test`; `make check` for a minute, `make proof` for a night. Each makes its own
# virtual environment where there is none.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo check test proof form browser writer faketime dates coverage golden picture faults bench lock sbom calendar clean

demo: .venv/installed
	$(BIN)/mediation demo

# A minute: form, and a quick set of tests; to collect all the others would take as long again.
check: form
	$(BIN)/pytest -n auto $(shell grep -rl 'pytest\.mark\.quick' tests --include='test_*.py')

# All tests but those that take minutes each, at most a quarter of an hour on two busy cores; those that read the real
# time on an odd day, or on this one where there is no other. Of many alike a share is tried.
test: form browser writer faketime
	$(BIN)/pytest -n auto -m 'not wall_clock'
	.ci/at '2028-02-29 23:59:30 America/New_York' $(WALL_CLOCK) || { test $$? = 77 && $(WALL_CLOCK); }

WALL_CLOCK = $(BIN)/pytest -n auto -m wall_clock $(shell grep -rl 'pytest\.mark\.wall_clock' tests --include='test_*.py')

# All that takes long, before a release: all tests on four other days, once at length with their coverage, every fault,
# every figure, what is shipped with; one table at the end.
proof: .venv/tested browser writer faketime
	.ci/proof dates coverage faults bench sbom

# All tests as if it were another day: the four, or DATE='2028-02-29 00:00 America/New_York'.
dates: .venv/tested browser writer faketime
	DATE='$(DATE)' .ci/proof dates

# All tests, and how many of the statements and branches they pass: half as much again as without, so not in `test`.
coverage: .venv/tested browser writer
	$(BIN)/pytest -n auto --cov --cov-report=
	@echo "覆盖率（语句和分支）：$$($(BIN)/coverage report --format=total)%"

# Form, types, floors, drawings.
form: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mediation workflow check
	$(BIN)/python docs/picture.py --check
	$(BIN)/python docs/party_acts.py --check

# Debian's own; where they cannot be had, what needs them is skipped, and says so.
browser:
	$(call debian,/usr/bin/chromium,chromium fonts-noto-cjk,no chromium: its tests will be skipped)

writer:
	$(call debian,/usr/bin/soffice,libreoffice-writer-nogui,no LibreOffice: Word files will not be opened)

faketime:
	$(call debian,/usr/bin/faketime,faketime,no faketime: no test will run on another day)

debian = @test -x $(1) || ! command -v apt-get >/dev/null || test "$$(id -u)" != 0 || \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	$(2) >/dev/null; } || echo "$(3)"

# The fingerprints of the rules and the golden histories, made anew; for a commit that changes rules not yet released.
golden: .venv/tested
	$(BIN)/python -m tests.histories.record

# The rooms and what they import, drawn into docs/architecture.md; what parties can do, written into docs/party_acts.md.
picture: .venv/tested
	$(BIN)/python docs/picture.py
	$(BIN)/python docs/party_acts.py

# The pictures of the handbook, taken anew of the pages that say something else by now.
handbook: .venv/tested browser
	$(BIN)/python docs/handbook_pictures.py

# Kills, torn logs, failing calls, crowds, full disks, tampering, many times each; FAULTS=5 tries five times as many.
faults: .venv/tested
	FAULTS='$(FAULTS)' SEED='$(SEED)' $(BIN)/python -m tests.faults

# Every figure beside its raw limit; some minutes, and some gigabytes of disk while it runs.
bench: .venv/tested
	$(BIN)/python -m bench

# The years and feasts of the calendar, by libraries that the program itself never asks.
calendar:
	$(PYTHON) -m venv build/calendar
	build/calendar/bin/pip install --quiet chinesecalendar==1.11.0 lunar_python==1.4.8 holidays==0.109 \
		borax==4.1.3 lunardate==0.3.0 msgspec
	PYTHONPATH=. build/calendar/bin/python docs/calendar_years.py
	PYTHONPATH=. build/calendar/bin/python docs/lunar_years.py

# Versions and hashes of all that is shipped with; an unchanged pyproject.toml keeps those there are, UPGRADE=1 renews them.
lock: .venv/tested
	$(BIN)/pip-compile --quiet $(if $(UPGRADE),--upgrade) --generate-hashes --strip-extras --extra postgresql \
		--allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--output-file requirements.lock pyproject.toml

# What is shipped with, as a bill of materials with licences: the locked versions alone, installed by their hashes.
sbom: .venv/tested
	rm -rf build/locked && $(PYTHON) -m venv build/locked
	build/locked/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	mkdir -p dist && $(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file dist/sbom.cdx.json build/locked/bin/python
	@echo "dist/sbom.cdx.json"

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/tested: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch .venv/installed $@

clean:
	rm -rf .venv var .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
