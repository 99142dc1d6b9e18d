# Two commands do everything: `make demo` and `make test`.
SWIFT    := swift
RELEASE  := -c release --product bookend --static-swift-stdlib
BOOKEND  := .build/release/bookend
BOOKTY   := Bookty/.build/release/bookty
PYTHON   := .venv/bin/python
FOR      ?= 60
COUNT    ?= 100000
SEED     ?= 0
ONLY     ?= failover

.PHONY: demo test check e2e api-test schedules limiter scenarios bookty-test fuzz build bookty budget build-budget bench format lint clean deps test-deps

demo: build bookty           ## Bookty on three servers with memory limits, Bookend in front, traffic
	$(BOOKEND) demo --bookty $(BOOKTY)

test: check e2e api-test budget schedules limiter bookty-test   ## everything that CI runs

check: deps                  ## the fast part: unit and golden tests, the loop and the proxy under scripted faults
	$(SWIFT) test --skip EndToEndTests

e2e: build test-deps         ## the release binary with real peers: curl, nginx, WebSocket
	BOOKEND_BINARY=$(CURDIR)/$(BOOKEND) BOOKEND_PYTHON=$(CURDIR)/$(PYTHON) $(SWIFT) test --no-parallel --filter EndToEndTests

api-test: build $(PYTHON)     ## the admin API by its own description: no 5xx, nothing that is not described
	.venv/bin/pip install --quiet 'schemathesis==4.*'
	scripts/api-test $(BOOKEND) .venv/bin/schemathesis

budget: build-budget         ## what our own code costs a request, against Benchmarks/budgets.json
	@scripts/need valgrind python3
	Benchmarks/budget.py

schedules: deps              ## 100,000 random schedules of the fleet; SEED=n COUNT=1 replays one
	$(SWIFT) build -c release --product fleet-schedules --static-swift-stdlib
	.build/release/fleet-schedules $(COUNT) $(SEED)

limiter: deps                ## the limiter over kinds of servers and loads, on a simulated clock; KIND=B for one, KIND=line, KIND="all 9" from seed 9
	$(SWIFT) build -c release --product limiter-study --static-swift-stdlib
	.build/release/limiter-study $(KIND)

scenarios: build bookty $(PYTHON)         ## real servers break in front of real proxies; ONLY=failover, overload, operations or T7,T8; ARGS="--quick"
	@scripts/need nginx haproxy iproute2
	.venv/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	cd Scenarios && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../Benchmarks ../$(PYTHON) -m scenarios --only "$(ONLY)" \
		--bookend $(CURDIR)/$(BOOKEND) --bookty $(CURDIR)/$(BOOKTY) $(ARGS)

goodput: build bookty $(PYTHON)           ## draws docs/goodput.svg: what is answered over what is asked for, of seven proxies
	@scripts/need nginx haproxy
	.venv/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	cd Scenarios && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=../Benchmarks ../$(PYTHON) -m scenarios.goodput --out ../docs \
		--bookend $(CURDIR)/$(BOOKEND) --bookty $(CURDIR)/$(BOOKTY) $(ARGS)

build-budget: deps
	$(SWIFT) build -c release --product budget --static-swift-stdlib

bench: build build-budget $(PYTHON)       ## side by side with nginx, HAProxy, Envoy and Caddy; ARGS="--quick" to try it
	@scripts/need nginx haproxy wrk
	.venv/bin/pip install --quiet --requirement Benchmarks/requirements.txt
	cd Benchmarks && PYTHONDONTWRITEBYTECODE=1 ../$(PYTHON) -m bench $(ARGS)

bookty-test: deps
	cd Bookty && $(SWIFT) build -c release --build-tests && $(SWIFT) test -c release --skip-build

fuzz: deps                   ## the differential fuzzers, for FOR seconds in all
	Fuzzing/run $(FOR)

build: deps
	$(SWIFT) build $(RELEASE)

bookty: deps
	cd Bookty && $(SWIFT) build -c release --product bookty

deps:                        # what the builds need
	@scripts/need swift:Swift-6.3-from-swift.org pkg-config libsqlite3-dev zlib1g-dev libcrypt-dev

test-deps: $(PYTHON)         # what the tests run against
	@scripts/need curl nginx valgrind

$(PYTHON):
	@scripts/need python3 python3-venv
	python3 -m venv .venv && .venv/bin/pip install --quiet websockets

format:
	$(SWIFT) format --in-place --recursive Sources Tests Benchmarks/Budget Package.swift Bookty/Sources Bookty/Tests Fuzzing/Sources

lint:
	$(SWIFT) format lint --recursive Sources Tests Benchmarks/Budget Package.swift Bookty/Sources Bookty/Tests Fuzzing/Sources

clean:
	rm -rf .build .venv Bookty/.build Fuzzing/.build
