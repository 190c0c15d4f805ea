# What people and the CI type. `make` alone lists the targets.

# A CI usually starts from a fresh checkout: keep what cargo built outside of it.
ifdef CI
ifndef CARGO_TARGET_DIR
export CARGO_TARGET_DIR := $(shell echo "$${XDG_CACHE_HOME:-$$HOME/.cache}/roundtable/target")
endif
endif

TARGET_DIR = $(or $(CARGO_TARGET_DIR),target)
DATABASE ?= surrealkv://data
SERVER_ARGS ?= --demo --database $(DATABASE) --site target/site

.DEFAULT_GOAL := help
.PHONY: help run test watch bench soak fuzz release

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST))

run: ## Start the product with demonstration data (SERVER_ARGS="…" for other options)
	@scripts/setup run
	@cargo xtask site
	@cargo build -p server
	@exec "$(TARGET_DIR)/debug/roundtable" $(SERVER_ARGS)

test: ## Run every check and every test
	@scripts/setup test
	@cargo xtask test

watch: ## Rebuild and restart on every change
	@scripts/setup run
	@exec cargo xtask watch -- $(SERVER_ARGS)

bench: ## Measure the server under load
	@scripts/setup run
	@exec scripts/bench

soak: ## Run the long proofs: a million schedules, 100 kills of the server, 30 of the browser (SEEDS=…, FIRST=…)
	@scripts/setup test
	@exec scripts/soak

fuzz: ## Feed the wire's readers with bytes that libFuzzer makes (FUZZ_SECONDS=60)
	@exec scripts/fuzz

release: ## Build the optimised server and the site
	@scripts/setup run
	@cargo xtask site
	@cargo build -p server --release
	@echo "the server: $(TARGET_DIR)/release/roundtable; the site it serves: target/site"
