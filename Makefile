# Every task of the project. The work itself is in ci/ and tests/, so that it can be read and run
# without make.

.DEFAULT_GOAL := help
.PHONY: help run test check bless static bench sim mutants fuzz

ARGS ?=
SEEDS ?= 10000
SECONDS_MAX ?= 60

# A task whose room is still to be built says so instead of failing somewhere deep.
needs = @test -e $(1) || { echo "make $@: not there yet ($(1))" >&2; exit 1; }

help: ## Explain every task
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve a registry on 127.0.0.1:8081 with its data in ./syngraph-data; ARGS="…" adds flags
	cargo run --locked --package syngraph-registry --bin syngraph -- serve $(ARGS)

test: ## Install what the tests need into .cache/, run everything, print times and totals
	ci/test

check: ## Formatting, lints, documentation and dependency policy, all warnings denied
	ci/check

bless: ## Write the expected texts of tests and generated documents anew, for review in the diff
	BLESS=1 cargo test --locked --workspace

static: ## Build the release binary without any shared library, and print its path
	@ci/static

bench: ## Measure, and write BENCHMARKS.md
	$(call needs,bench/Cargo.toml)
	cargo run --locked --release --manifest-path bench/Cargo.toml -- $(ARGS)

sim: ## Crash the log on a simulated disk, SEEDS=10000 times
	$(call needs,tests/crash/main.rs)
	SYNGRAPH_SEEDS=$(SEEDS) cargo test --locked --release --package syngraph-tests --test crash

mutants: ## Break the code on purpose, one patch at a time, and see each caught
	$(call needs,tests/mutants/run)
	tests/mutants/run $(ARGS)

fuzz: ## Fuzz one target for SECONDS_MAX=60 seconds: make fuzz TARGET=avro_schema
	$(call needs,fuzz/Cargo.toml)
	cargo +nightly fuzz run $(TARGET) -- -max_total_time=$(SECONDS_MAX)
