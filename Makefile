# The commands that people type. CMake does the work: see CMakePresets.json.
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

.PHONY: help build demo test bench format install clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

build: ## build the command: build/release/weir
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target weir

demo: ## install the packages, build, and train on the built-in dataset (a minute)
	@scripts/install_packages.sh
	@$(MAKE) --no-print-directory build
	@build/release/weir train

test: ## install the packages, build and run every test
	@scripts/install_packages.sh
	-@scripts/install_packages.sh test_packages.txt
	@scripts/run_tests.sh

bench: ## measure kernels, training steps and the data path (minutes; bench/README.md)
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target weir_bench
	@build/release/bench/weir_bench

format: ## format the C++ files in place
	@scripts/format.sh

install: build ## install the command and the library into PREFIX
	@cmake --build --preset release -j $(JOBS)
	@cmake --install build/release --prefix $(PREFIX)

clean: ## remove everything that was built
	@rm -rf build
