# wplog: everything a person or a machine does with this repository.
#
#   make help      list these verbs (the default)
#   make build     build the program, optimised: .build/release/wplog
#   make check     all that must hold before a change goes in: lint, target graph, build, test
#   make test      build and run the tests; T=NAME runs those whose name matches
#   make test-dates   run the tests at 29 February, at both sides of New Year, at a change to summer time and in five years;
#                  T=NAME some tests, DATES='leap-day 2031-05-01' some dates
#   make demo      start a server, send it real log lines, search them; DETACH=1 ends by itself
#   make bench     measure: parse, store, end to end, queries; BENCH='--only parse' and more, see Benchmarks/README.md
#   make fuzz      feed random bytes to the parsers; FUZZ_SECONDS=60 a target, F=NAME runs one
#   make release   one file that needs no Swift on the machine: .build-release/wplog
#   make format    put the sources into the one format
#
# build, test and demo install the C libraries that they need where these are missing (scripts/install-deps).

SWIFT ?= swift
# More arguments for each swift build, for example SWIFT_FLAGS='-j 2'.
SWIFT_FLAGS ?=
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help deps test-clients lint graph links build check test test-dates demo bench fuzz release format
# The steps share one build folder.
.NOTPARALLEL:

export SWIFT SWIFT_FLAGS FUZZ_SECONDS

help:
	@sed -n 's/^#   make /  make /p' Makefile

deps:
	@scripts/install-deps

test-clients: deps
	@scripts/install-test-clients

lint:
	@scripts/lint

graph:
	@scripts/check-target-graph

build: deps
	@echo 'build: $(SWIFT) build -c release (the first time it fetches packages and takes some minutes)'
	@$(SWIFT) build -c release --product wplog $(SWIFT_FLAGS)
	@echo 'build: the program is .build/release/wplog'

links:
	@scripts/check-links

check: deps lint graph links build test

test: deps test-clients
	@echo 'test: $(SWIFT) build --build-tests (the first time it fetches packages and takes some minutes)'
	@$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	@echo 'test: $(SWIFT) test, one test after the other: many of them start servers and wait for them'
	@timeout 1800 $(SWIFT) test --skip-build --disable-xctest --no-parallel $(if $(T),--filter '$(T)')

test-dates: deps test-clients
	@$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	@T='$(T)' DATES='$(DATES)' scripts/test-dates

demo: build
	@scripts/install-test-clients rsyslog
	@scripts/demo

bench: build
	@scripts/run-package Benchmarks wplog-bench $(BENCH)

fuzz: deps
	@scripts/fuzz $(F)

release: deps
	@echo 'release: $(SWIFT) build -c release --static-swift-stdlib (some minutes)'
	@$(SWIFT) build -c release --product wplog --static-swift-stdlib --scratch-path .build-release \
		-Xlinker -s $(SWIFT_FLAGS)
	@cp .build-release/release/wplog .build-release/wplog
	@echo "release: .build-release/wplog, $$(du -h .build-release/wplog | cut -f1)"

format:
	@scripts/lint --fix
