# Everything from a fresh clone needs only python3, pip and make. `make help` lists what there is.
PYTHON ?= python3
BIN := .venv/bin
DEMO := var/demo-season
RESULT := var/demo-result
HOUSE := var/demo-platform
PORT ?= 8000
PINS := requirements/build.txt requirements/runtime.txt requirements/dev.txt
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
# Some containers forbid to keep compiled modules; every run would then compile the tests anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run season test check format lint migrations bench bench-large bench-spark setup pin clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.runtime ## the platform with a demo season: http://localhost:8000/demo/, until Ctrl-C
	CEPING_HOME=$(HOUSE) $(BIN)/ceping run --demo --port $(PORT)

season: .venv/.runtime ## the same evaluation from plain files: make up a season, evaluate it, print the ranking
	$(BIN)/ceping demo-season $(DEMO) --institutions 40 --seed 7
	$(BIN)/ceping evaluate $(DEMO) --out $(RESULT)

# More examples than a bare pytest takes, unless another profile is asked for.
test: export HYPOTHESIS_PROFILE := $(or $(HYPOTHESIS_PROFILE),ci)
test: .venv/.dev ## every test
	$(PYTEST) -q

# What CI asks for with COVERED=1: tracing doubles the time of whatever it watches.
check: COVERAGE := $(if $(COVERED),--cov --cov-report=term)
check: .venv/.dev lint migrations ## format, lint, types, import contracts, migrations and the fast tests (COVERED=1: their branch coverage)
	$(PYTEST) -m "not slow" -q $(COVERAGE)

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

migrations: .venv/.dev ## whether every model has its migration
	DJANGO_SETTINGS_MODULE=testbed.settings PYTHONPATH=tests/support $(BIN)/python -m ceping.config.manage makemigrations --check --dry-run

format: .venv/.dev ## put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## measure speed and memory, print the figures
	$(BIN)/python tests/bench/run.py

bench-large: .venv/.dev ## the same with 100 million events; takes long and about 10 GB of disk
	$(BIN)/python tests/bench/run.py --large

bench-spark: .venv/.dev ## points on Spark beside DuckDB, 1 to 30 million events, one and two workers; half an hour
	$(BIN)/python tests/bench/on_spark.py

setup: .venv/.dev ## the pinned packages and the project in .venv

pin: .venv/.dev ## write requirements/*.txt anew from pyproject.toml
	$(PYTHON) requirements/install.py pin

clean: ## remove the environment, caches and what `make run` and `make season` wrote
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* var/demo-season var/demo-result var/demo-platform

# Stamps: the work is done again only when the pins or the package's own description changed.
.venv/.runtime: pyproject.toml requirements/install.py requirements/build.txt requirements/runtime.txt
	$(PYTHON) requirements/install.py runtime
	@touch $@

.venv/.dev: pyproject.toml requirements/install.py $(PINS)
	$(PYTHON) requirements/install.py dev
	@touch $@ .venv/.runtime
