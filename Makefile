# Thin on purpose: each target says which program does the work.
#   make run [PORT=8100] [COUNTERPART_DATA=/some/directory]      make test [ARGS="tests/orders -k refund"]
.PHONY: run test lint format bench lock clean environment development
.DEFAULT_GOAL := run

PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; done)
BIN := .venv/bin
ARGS :=
# tests/conftest.py says how many workers. A file's tests stay together: they share what was costly to make.
WORKERS := --numprocesses=logical --dist=loadfile --no-loadscope-reorder

run: environment
	@exec env EXIT_WITH_PARENT=1 $(BIN)/python manage.py up $(ARGS)

test: development
	@$(BIN)/python -m commerce.runtime.browser_files
	@$(BIN)/python -m tests.chromium
	@exec $(BIN)/python -m pytest $(WORKERS) $(ARGS)

# The linters look at code, not at rows: an address that is never called keeps them from starting a database.
lint: export DATABASE_URL := postgresql:///nothing
lint: development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

format: development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: development
	@$(BIN)/python -m commerce.runtime.browser_files
	@exec $(BIN)/python -m tests.bench $(ARGS)

COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header
lock: development
	$(BIN)/$(COMPILE) --output-file requirements.lock $(ARGS)
	$(BIN)/$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock $(ARGS)
	$(BIN)/python -m commerce.runtime.browser_files --lock

# Everything that `make` can make again. Your data (.data) stays.
clean:
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment development:
	@test -n "$(PYTHON)" || { echo "Counterpart needs Python 3.11 or newer, and none was found on this machine."; \
		echo "On Debian or Ubuntu: sudo apt install python3 python3-venv. Or name one: make run PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" commerce/runtime/environment.py $(if $(filter development,$@),--dev)
