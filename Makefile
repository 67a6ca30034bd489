# `make run` does the main job on a fresh machine, `make test` passes the tests; both install first.
# Everything else is listed by `make help`.

PYTHON ?= python3
OUT ?= out

.PHONY: help install run test test-book check models flagship accuracy bench load book clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed ## make .venv with every extra that the commands and tests need

.venv/installed: pyproject.toml constraints.txt scripts/install
	PYTHON="$(PYTHON)" scripts/install .venv
	@touch $@

run: install ## train the three classifiers, compare them, deploy the best, read the example pictures
	scripts/run "$(OUT)"

test: install ## run the tests
	scripts/test

test-book: install ## build the book as its tests do, every notebook run, and check the site (minutes)
	scripts/test -m slow tests/book

check: install ## lint and types
	scripts/check

models: install ## train the bundled models again, as they were made
	scripts/models

flagship: install ## train the flagship network
	scripts/flagship

accuracy: install ## measure the test accuracy of all recipes over five seeds
	.venv/bin/python -m benchmarks.accuracy

bench: install ## measure speed beside peers: make bench BENCH="--quick --parts startup"
	scripts/bench $(BENCH)

load: install ## put load on the HTTP service and print how it bears it
	.venv/bin/python -m benchmarks.serve

book: install ## build the book into out/book, every notebook run; needs no network
	scripts/book "$(OUT)/book"

clean: ## remove what was made here
	rm -rf .venv out runs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
