# From a machine with git, make and Python 3.11 or newer to a running server: `make run`.
# What was made is remembered, so that a second `make run` only serves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# What is up to date, beside what it stands for: whoever deletes a folder gets it made anew.
BOOTSTRAP := $(VENV)/.made-bootstrap
PACKAGES := $(VENV)/.made-packages
TOOLS := $(VENV)/.made-tools
TRANSLATIONS := $(VENV)/.made-translations
NODE := node_modules/.made
ASSETS := facilitator/static/dist/manifest.json
FONTS := facilitator/typst/fonts/OFL.txt

# So that the first start is as quick as the next; what a library ships for other versions may not compile.
COMPILE = @$(BIN)/python -m compileall -q -j 2 $(VENV)/lib >/dev/null 2>&1 || true

# What Python compiled is kept: every start and every process of the tests is quicker for it.
unexport PYTHONDONTWRITEBYTECODE

# A mirror's settings in the caller's environment reach pip, uv and npm by themselves.
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
export VIRTUAL_ENV := $(abspath $(VENV))

# The long ones first: whichever process is done early then takes small ones from the other.
TESTS := tests/faults tests/browser tests/contract tests/integration tests/unit
SOURCES := $(shell find facilitator/static/src -type f 2>/dev/null)
CATALOGUES := $(shell find facilitator/translations -name '*.po' 2>/dev/null)

.DEFAULT_GOAL := setup
.PHONY: setup run test check bench faults shots texts wheel lock clean

setup: $(PACKAGES) $(ASSETS) $(FONTS) $(TRANSLATIONS)

run: setup
	@$(BIN)/facilitator run $(ARGS)

test: setup $(TOOLS)
	@$(BIN)/python scripts/run_tests.py -m "not long" -n 2 $(wildcard $(TESTS)) $(ARGS)

faults: setup $(TOOLS)
	@$(BIN)/python scripts/run_tests.py -m "long or faults" $(wildcard $(TESTS)) $(ARGS)

check: setup $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --quiet --check --lint facilitator/templates
	$(BIN)/lint-imports --no-logo

bench: setup $(TOOLS)
	@$(BIN)/python -m bench $(ONLY)

shots: setup $(TOOLS)
	@$(BIN)/python -m tests.browser.shots $(ARGS)

# Collects every text and brings the catalogues of other languages up to date.
texts: setup
	@$(BIN)/python scripts/texts.py

# What a server is deployed from: the package with everything that was built, and the list of what it needs besides.
wheel: setup
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel -d dist
	cp requirements/run.txt dist/

# Renews requirements/*.txt and package-lock.json; neither may name a download address.
lock: $(BOOTSTRAP)
	cd requirements && for name in bootstrap run build test check; do \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(abspath $(UV)) pip compile --quiet --upgrade --universal --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --python-version 3.11 $$name.in -o $$name.txt || exit 1; done
	$(BIN)/python scripts/npm.py install --package-lock-only
	@! grep -nE "\"resolved\"|--index-url|--find-links" requirements/*.txt package-lock.json || { echo "a lock file names an address" >&2; exit 1; }

clean:
	rm -rf $(VENV) node_modules dist facilitator/static/dist facilitator/typst/fonts
	find facilitator -name '*.mo' -delete

$(BOOTSTRAP): requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Facilitator needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(PACKAGES): $(BOOTSTRAP) requirements/run.txt requirements/build.txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	$(COMPILE)
	@touch $@

$(TOOLS): $(PACKAGES) requirements/test.txt requirements/check.txt
	$(UV) pip install --quiet --require-hashes -r requirements/test.txt -r requirements/check.txt
	$(COMPILE)
	@touch $@

$(NODE): $(PACKAGES) package-lock.json .npmrc
	$(BIN)/python scripts/npm.py ci --ignore-scripts --silent
	@touch $@

$(ASSETS): $(NODE) scripts/build_assets.py $(SOURCES)
	$(BIN)/python scripts/build_assets.py
	@touch $@

$(FONTS): $(NODE) scripts/build_fonts.py
	$(BIN)/python scripts/build_fonts.py

$(TRANSLATIONS): $(PACKAGES) $(CATALOGUES)
	$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory facilitator/translations)
	@touch $@
