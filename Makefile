# wenbao: build, test and measure. `make help` lists the targets.

GO        ?= go
# The linter is fetched once, at this version, into .tools/.
LINT_VERSION = v2.15.0
LINT      = .tools/golangci-lint-$(LINT_VERSION)
BENCHSTAT_VERSION = v0.0.0-20260908200009-22c9c6c9d4da
FUZZTIME  ?= 5s
COUNT     ?= 5
# The folder of crud_news.{corpus,queries}.jsonl.gz; without it only the small benchmarks run.
BENCH_DIR ?= ../shared/bench
# The text that the built-in embedder learns from.
TEXT      ?= train_text.txt
# What eval-full asks: published sets in BENCH_DIR, A+B for A's questions over both
# collections. EMBEDDER (ollama:NAME, openai:NAME) and EMBEDDER_URL add an external one.
SETS      ?= cmrc2018 crud_news cmrc2018+crud_news kdconv_travel

.DEFAULT_GOAL := help
.PHONY: help build test race lint fuzz eval eval-full train bench soak integration integration-tools ci

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the binary ./wenbao
	$(GO) build -o wenbao ./cmd/wenbao

test: ## run the tests
	$(GO) test ./...

race: ## run the tests under the race detector
	$(GO) test -race ./...

lint: $(LINT) ## vet, format, import rules
	$(GO) vet ./...
	$(LINT) run

$(LINT):
	GOBIN=$(CURDIR)/.tools $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv .tools/golangci-lint $(LINT)

fuzz: ## run each fuzz target for FUZZTIME (5s; ci counts runs, since a deadline can fall into one)
	@set -e; for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$pkg; \
	  done; done

eval: ## measure on the sample pages and compare with testdata/eval/scores.tsv
	$(GO) test -count=1 -run Scores -v ./rag/eval

EVAL_FULL = --bench "$(BENCH_DIR)" --corpus testdata/pages --questions testdata/eval/questions.jsonl \
  --questions testdata/eval/colloquial.jsonl $(SETS)

eval-full: ## compare all systems on BENCH_DIR's sets and ours, write testdata/eval/full.tsv (a quarter of an hour)
	@test -d "$(BENCH_DIR)" || { echo "eval-full asks published sets, and there is no folder $(BENCH_DIR): name it with BENCH_DIR=…"; exit 1; }
	@mkdir -p .tools && rm -f .tools/bleve.tsv
	$(GO) build -o .tools/wenbao ./cmd/wenbao
	if (cd rag/lexical/bleve && $(GO) build -o ../../../.tools/bleve .); then .tools/bleve rows $(EVAL_FULL) >.tools/bleve.tsv; \
	else echo "bleve cannot be had here: the table goes without its rows"; fi
	{ echo "# $$(date -u +%F), commit $$(git describe --always --dirty --abbrev=12 || echo unknown), $$($(GO) env GOVERSION), $$(getconf _NPROCESSORS_ONLN) cores" && \
	  .tools/wenbao eval full $(if $(EMBEDDER),--embedder "$(EMBEDDER)") $(if $(EMBEDDER_URL),--embedder-url "$(EMBEDDER_URL)") \
	  $$(test -s .tools/bleve.tsv && echo --rows .tools/bleve.tsv) $(EVAL_FULL); } >.tools/full.tsv
	mv .tools/full.tsv testdata/eval/full.tsv

train: ## learn the built-in embedder's weights anew from TEXT, an article a line
	GOEXPERIMENT=simd $(GO) run ./rag/embed/trainer -text $(TEXT) -out rag/embed/weights.bin

bench: ## run the benchmarks COUNT (5) times, compare with testdata/bench/baseline.txt
	@mkdir -p .tools
	$(GO) test -run '^$$' -bench 'AskColdStart' -benchtime 20x -count $(COUNT) ./cmd/wenbao | tee .tools/bench.txt
	if [ -d "$(BENCH_DIR)" ]; then \
	  WENBAO_BENCH=$(abspath $(BENCH_DIR)) $(GO) test -run '^$$' -bench 'IngestCrud' -benchtime 1x -count $(COUNT) ./cmd/wenbao && \
	  WENBAO_BENCH=$(abspath $(BENCH_DIR)) $(GO) test -run '^$$' -bench 'BenchmarkCrud$$' -benchtime 100x -count $(COUNT) ./cmd/wenbao; \
	fi | tee -a .tools/bench.txt
	$(GO) run golang.org/x/perf/cmd/benchstat@$(BENCHSTAT_VERSION) testdata/bench/baseline.txt .tools/bench.txt

soak: ## 500 chats of 20 questions with the bot: printed, with a model, killed again and again (WENBAO_SOAK_CHATS, _QUESTIONS, _THINK)
	if [ -d "$(BENCH_DIR)" ]; then export WENBAO_BENCH=$(abspath $(BENCH_DIR)); fi; \
	  $(GO) test -count=1 -timeout 2h -tags soak -run Soak -v ./cmd/wenbao

integration: integration-tools ## test against aimock, toxiproxy and telegram-test-api (and $WENBAO_OLLAMA where set); needs npm
	WENBAO_AIMOCK=$(CURDIR)/.tools/integration/node_modules/.bin/llmock WENBAO_TOXIPROXY=$(CURDIR)/.tools/integration/server \
	  $(GO) test -count=1 -timeout 90s -tags integration -run 'Aimock|Toxiproxy|Fifty|Ollama' ./rag/chain
	WENBAO_EMULATOR=$(CURDIR)/.tools/integration/node_modules \
	  $(GO) test -count=1 -timeout 90s -tags integration -run Emulator ./cmd/wenbao

integration-tools:
	npm install --silent --no-audit --no-fund --prefix .tools/integration @copilotkit/aimock@1.43.0 telegram-test-api@4.2.1
	GOBIN=$(CURDIR)/.tools/integration $(GO) install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0

ci: lint ## everything that has to pass
	$(MAKE) test
	$(MAKE) race
	$(MAKE) fuzz FUZZTIME=2000x
	$(MAKE) eval
	if command -v npm >/dev/null && $(MAKE) integration-tools; then $(MAKE) integration; \
	else echo "the servers of the integration tests cannot be had here: left out"; fi
