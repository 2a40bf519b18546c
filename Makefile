# The verbs of this repository; each does its own set-up. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

MACHINE := $(shell uname -m)
RID ?= linux-$(subst x86_64,x64,$(subst aarch64,arm64,$(MACHINE)))
OWN_RID := linux-$(subst x86_64,x64,$(subst aarch64,arm64,$(MACHINE)))
DOTNET := dotnet
QUIET := -v:quiet -nologo --tl:off

is_source := -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.proto' -o -name '*.cpp' -o -name '*.h' -o -name '*.js' -o -name '*.css' -o -name '*.html' -o -name Makefile \)
common_sources := $(wildcard Directory.* global.json .editorconfig eng/banned/*)
device_sources := $(shell find Runtime Device Fleet/Protocol $(is_source)) $(common_sources)
host_sources := $(shell find Converter Quantizer Runtime Fleet $(is_source)) $(common_sources)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: out/setup/stamp ## install what Edge builds and runs with

out/setup/stamp: eng/setup.sh eng/package.json eng/package-lock.json
	@bash eng/setup.sh

.PHONY: build
build: out/setup/edge.stamp out/setup/edge-runtime.stamp ## out/bin/edge and out/bin/edge-runtime

out/setup/edge.stamp: out/setup/stamp $(host_sources)
	@echo "build: out/bin/edge"
	@$(DOTNET) publish Converter/Cli/Edge.Cli.csproj -c Release $(QUIET) -o out/lib/edge
	@mkdir -p out/bin && ln -sfn ../lib/edge/edge out/bin/edge
	@touch $@

out/setup/edge-runtime.stamp: out/setup/stamp $(device_sources)
	@$(MAKE) --no-print-directory publish RID=$(OWN_RID) PUBLISH=out/lib/edge-runtime
	@mkdir -p out/bin && ln -sfn ../lib/edge-runtime/edge-runtime out/bin/edge-runtime
	@touch $@

PUBLISH ?= out/publish/$(RID)
.PHONY: publish
publish: out/setup/stamp ## the native edge-runtime for RID (default: this machine's) in out/publish/RID
	@bash eng/publish.sh $(RID) $(PUBLISH)

.PHONY: demo
demo: build ## train, quantize, package, run and report on Fashion-MNIST: out/demo/report.html
	@out/bin/edge demo --out out/demo

.PHONY: demo-detect
demo-detect: build ## a detector from nothing: scenes, training, int8, package, edge-runtime, pictures: out/demo-detect/report.html
	@out/bin/edge demo-detect --out out/demo-detect

.PHONY: test
test: build ## every test
	@bash eng/test.sh

.PHONY: conformance
conformance: out/setup/stamp ## the ONNX node suite and real models through everything: out/conformance.json
	@mkdir -p out && $(DOTNET) run --project tests/Conformance -c Release -- --json out/conformance.json

.PHONY: operators
operators: out/setup/stamp ## firmware-docs/operators.md: what the training engine executes, from its tables
	@$(DOTNET) run --project tests/Conformance -c Release -- --operators firmware-docs/operators.md

CASES ?= 100000
.PHONY: fuzz
fuzz: out/setup/stamp ## CASES damaged models through load, verify and infer; SEED repeats a run
	@mkdir -p out && $(DOTNET) run --project tests/Fuzz -c Release -- --cases $(CASES) $(if $(SEED),--seed $(SEED)) --json out/fuzz.json

.PHONY: deb
deb: publish ## a Debian package of edge-runtime for RID: out/edge-runtime_VERSION_ARCH.deb
	@bash eng/deb.sh $(RID) $(PUBLISH)

out/board/stamp: $(wildcard tests/VirtualBoard/*.sh tests/VirtualBoard/*.c tests/VirtualBoard/init tests/VirtualBoard/module/*)
	@bash tests/VirtualBoard/setup.sh

.PHONY: board
board: build out/board/stamp ## cameras, sensors and GPIO of a virtual board (QEMU, Debian's kernel) through the native edge-runtime; LONG=1 watches its network for 10 minutes
	@EDGE_BOARD_LONG=$(LONG) $(DOTNET) run --project tests/VirtualBoard -c Release

.PHONY: powercut
powercut: out/setup/stamp out/board/stamp ## power cuts at every write of updates and of the spool in a virtual machine, unflushed writes lost: out/powercut.json
	@EDGE_POWERCUT_JSON=$(CURDIR)/out/powercut.json $(DOTNET) run --project tests/VirtualBoard -c Release -- -class Edge.VirtualBoard.Tests.PowerCutTests

MINUTES ?= 10
FRAMES ?= 100000
.PHONY: soak
soak: build ## the native edge-runtime under faults for MINUTES, and over FRAMES in one size of memory: out/soak.json
	@EDGE_SOAK_MINUTES=$(MINUTES) EDGE_SOAK_FRAMES=$(FRAMES) EDGE_SOAK_JSON=$(CURDIR)/out/soak.json EDGE_RUNTIME=$(CURDIR)/out/bin/edge-runtime \
	  $(DOTNET) run --project tests/Edge.Runtime.Tests -c Release -- -class Edge.Runtime.Tests.SoakTests

.PHONY: fuzz-runtime
fuzz-runtime: out/setup/stamp ## CASES hostile configurations, streams, commands and images through the runtime; SEED repeats a run
	@EDGE_FUZZ_CASES=$(CASES) EDGE_FUZZ_SEED=$(or $(SEED),1) $(DOTNET) run --project tests/Edge.Runtime.Tests -c Release -- -class Edge.Runtime.Tests.FuzzTests -class Edge.Runtime.Tests.CommandFuzzTests

.PHONY: demo-fleet
demo-fleet: build ## broker, server and twenty devices: a good release, two bad ones, a power cut: out/demo-fleet/timeline.html
	@out/bin/edge fleet demo --out out/demo-fleet

.PHONY: crash
crash: out/setup/stamp ## the update agent killed at every change of its files and at 500 moments, its disk cut between any two changes: out/crash.json
	@mkdir -p out && rm -f out/crash.figures
	@EDGE_CHAOS=1 EDGE_CHAOS_FIGURES=$(CURDIR)/out/crash.figures $(DOTNET) run --project tests/Edge.Agent.Tests -c Release -- -class Edge.Agent.Tests.CrashTests -class Edge.Agent.Tests.InterruptionTests -class Edge.Agent.Tests.DeltaTests
	@echo "{$$(paste -sd, out/crash.figures)}" > out/crash.json && rm out/crash.figures && cat out/crash.json

RESULTS ?= 100000
KILLS ?= 20
.PHONY: spool
spool: build ## the native edge-runtime killed KILLS times while the broker is away for RESULTS results: what is lost, what comes twice, the size on the disk, the rate with and without: out/spool.json
	@rm -f out/spool.json.parts
	@EDGE_SPOOL_RESULTS=$(RESULTS) EDGE_SPOOL_KILLS=$(KILLS) EDGE_SPOOL_JSON=$(CURDIR)/out/spool.json EDGE_RUNTIME=$(CURDIR)/out/bin/edge-runtime \
	  $(DOTNET) run --project tests/Edge.Runtime.Tests -c Release -- -class Edge.Runtime.Tests.SpoolKillTests
	@echo "{$$(paste -sd, out/spool.json.parts)}" > out/spool.json && rm out/spool.json.parts && cat out/spool.json

.PHONY: occupancy
occupancy: build ## is the room occupied? trained, quantized, packaged, and the test readings replayed through the native edge-runtime
	@EDGE_RUNTIME=$(CURDIR)/out/bin/edge-runtime $(DOTNET) run --project tests/Edge.Cli.Tests -c Release -- -class Edge.Cli.Tests.OccupancyTests -diagnostics

.PHONY: fuzz-fleet
fuzz-fleet: out/setup/stamp ## CASES damaged packages and as many messages, through devices and the server; SEED repeats a run
	@EDGE_FUZZ_CASES=$(CASES) EDGE_FUZZ_SEED=$(or $(SEED),1) $(DOTNET) run --project tests/Edge.Agent.Tests -c Release -- -class Edge.Agent.Tests.FuzzTests
	@EDGE_FUZZ_CASES=$(CASES) EDGE_FUZZ_SEED=$(or $(SEED),1) $(DOTNET) run --project tests/Edge.Fleet.Tests -c Release -- -class Edge.Fleet.Tests.FuzzTests

HISTORIES ?= 1000000
.PHONY: chaos
comma := ,
chaos: crash ## make crash, then HISTORIES random histories of rollouts and servers broken on purpose, with what make powercut found before: out/fleet.json
	@$(DOTNET) run --project tests/Chaos -c Release -- --histories $(HISTORIES) $(if $(SEED),--seed $(SEED)) --also out/crash.json$(if $(wildcard out/powercut.json),$(comma)out/powercut.json) --json out/fleet.json

.PHONY: fmt-check
fmt-check: ## is the code formatted as .editorconfig says?
	@$(DOTNET) format whitespace --folder --verify-no-changes --exclude out

.PHONY: aot-smoke
aot-smoke: build ## does the native binary run?
	@out/bin/edge-runtime --version
	@out/bin/edge-runtime doctor

.PHONY: size
size: build ## bytes of what goes on a device
	@cd out/lib/edge-runtime && find . -maxdepth 1 -type f ! -name '*.dbg' -printf '%s %P\n' | sort -rn | numfmt --to=iec --field=1

.PHONY: recipes
recipes: build ## train every recipe and compare with its goal: out/recipes.json, out/recipes/recipes.html; ONLY=name
	@out/bin/edge recipes recipes --out out/recipes $(foreach name,$(ONLY),--only $(name))

.PHONY: bench
bench: bench-train bench-data bench-graph bench-runtime bench-detect bench-quant bench-fleet bench-mqtt ## every benchmark

MQTT_PEER := out/peers/mqtt/installed.json
$(MQTT_PEER): tests/Benchmarks/peers/mqtt/package.json tests/Benchmarks/peers/mqtt/publish.js
	@mkdir -p $(@D) && cp $^ $(@D)/
	@cd $(@D) && npm install --ignore-scripts --no-audit --no-fund --loglevel=error && cp package.json $(@F)

.PHONY: bench-mqtt
bench-mqtt: out/setup/stamp $(MQTT_PEER) ## messages a second beside mosquitto_pub and npm mqtt, with and without spool: out/mqtt.json
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Mqtt -c Release -- --node out/peers/mqtt/publish.js --json out/mqtt.json

.PHONY: bench-train
bench-train: build ## training speed beside python3-torch on the same libtorch
	@$(DOTNET) run --project tests/Benchmarks/Training -c Release -- --json out/bench-train.json

.PHONY: bench-data
bench-data: out/setup/stamp ## does loading keep ahead of training? samples a second of either, with augmentation
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Data -c Release -- --json out/bench-data.json

.PHONY: bench-fleet
bench-fleet: out/setup/stamp ## a rollout over 1,000 and 10,000 simulated devices, and one with the server killed on the way: out/fleet.json
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Fleet -c Release -- --json out/fleet.json

.PHONY: bench-graph
bench-graph: out/setup/stamp ## reading, checking and cleaning graphs of 10,000 to 50,000 nodes
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Graph -c Release -- --json out/bench-graph.json

.PHONY: bench-detect
bench-detect: out/demo-detect/report.json ## detectors and tracker beside plain references, after demo-detect: out/detect.json
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Detection -c Release -- --json out/detect.json

out/demo-detect/report.json:
	@$(MAKE) --no-print-directory demo-detect

.PHONY: bench-quant
bench-quant: out/setup/stamp ## quantized models beside their float ones: metric, speed, bytes, memory of calibration: out/quant.json; ONLY=names
	@mkdir -p out && $(DOTNET) run --project tests/Benchmarks/Quantization -c Release -- --json out/quant.json $(foreach name,$(ONLY),--only $(name))

PEERS := out/peers/node/installed.json
$(PEERS): tests/Benchmarks/peers/node/package.json
	@mkdir -p $(@D) && cp $< $(@D)/
	@cd $(@D) && npm install --ignore-scripts --no-audit --no-fund --loglevel=error && cp package.json $(@F)

.PHONY: bench-runtime
bench-runtime: out/setup/edge-runtime.stamp $(PEERS) ## edge-runtime beside the bare engine, Node and OpenCV: out/runtime.json
	@$(DOTNET) run --project tests/Benchmarks/Runtime -c Release -- --json out/runtime.json

.PHONY: clean
clean: ## remove everything that was built, keep what was installed
	@rm -rf out/artifacts out/bin out/lib out/native out/publish out/demo out/setup/*.stamp
