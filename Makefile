# Two commands do everything: `make run` and `make test`. Both set up their own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
BENCH := benchmarks/.venv
DOCS := docs/.venv

.PHONY: help run test coverage lint format docs bench growth oracles lock clean

help:
	@echo "make run     build the example blog's feeds into output/"
	@echo "make test    run all tests"
	@echo "make coverage  run all tests, and show which lines none of them runs"
	@echo "make docs    build the documentation as a site in site/, and check its links"
	@echo "make lint    ruff, mypy --strict, import-linter"
	@echo "make format  format the code"
	@echo "make bench   measure beside Hugo, Jekyll, Pelican and feedgen; ARGS=--help tells more"
	@echo "make growth  look for what takes more than time in proportion; ARGS=--help tells more"
	@echo "make oracles compare with what the generators themselves say, where ../shared is"
	@echo "make lock    pin the newest allowed versions in requirements.lock"
	@echo "make clean   remove the environment and all that was built"

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY)
	$(BIN)/syndicate build --config config.toml

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

coverage: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --cov syndicate --cov-report term-missing:skip-covered

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(DOCS)/ready: docs/requirements.lock
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@

docs: $(DOCS)/ready
	PYTHONPATH=. $(DOCS)/bin/mkdocs build --quiet

$(BENCH)/ready: benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --requirement $< --editable .
	@touch $@

# In an environment of its own, without what only tests need: as a user's is.
bench: $(BENCH)/ready
	$(BENCH)/bin/python -m benchmarks $(ARGS)

growth: $(READY)
	$(BIN)/python -m benchmarks.growth $(ARGS)

oracles: $(READY)
	$(BIN)/python -m benchmarks.oracles

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --all-extras --group build pyproject.toml --output-file requirements.lock --upgrade
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --group docs pyproject.toml --output-file docs/requirements.lock --upgrade

clean:
	rm -rf $(VENV) $(BENCH) $(DOCS) site .syndicate dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find output -mindepth 1 ! -name .gitkeep -delete
