# The commands that people rely on; their names stay.
PYTHON ?= python3
DATA ?= ./var
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
export OPSCONSOLE_DATA_DIR := $(abspath $(DATA))

.PHONY: run demo test check bench lock clean

run: .venv/runtime.stamp
	@exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

demo: .venv/runtime.stamp
	@$(if $(filter command line,$(origin PORT)),OPSCONSOLE_URL=http://127.0.0.1:$(PORT)) $(BIN)/python manage.py load_sample

test: .venv/dev.stamp
	@$(BIN)/python -m tests.run

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	OPSCONSOLE_URL=https://console.example.com $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/hadolint Dockerfile

bench: .venv/dev.stamp
	@OPSCONSOLE_TESTING=1 $(BIN)/python -m bench $(ONLY)

# A stamp says which locked set .venv holds; editing the lock installs anew.
.venv/runtime.stamp: requirements/runtime.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the console (once)…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/runtime.stamp
	@echo "Installing the tools for tests (once)…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Resolve the dependencies of pyproject.toml anew, with hashes and without index addresses.
lock: .venv/dev.stamp
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -c requirements/runtime.txt pyproject.toml --group dev -o requirements/dev.txt

clean:
	rm -rf .venv build
