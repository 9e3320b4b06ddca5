# The bench: what lualogue costs beside bare libcurl, with the limits that it must keep.
# Included by the Makefile.

BENCH_DIR := $(BUILD)/bench
BENCH_BIN := $(addprefix $(BENCH_DIR)/,server floor floor_many launch)
BENCH_CC   = $(CC) $(filter-out -fPIC -fvisibility=hidden,$(BASE)) $(CFLAGS) -o $@ $(filter %.c,$^)

$(BENCH_DIR):
	@mkdir -p $@

$(BENCH_BIN): | deps-build

$(BENCH_DIR)/server: spec/bench/server.c spec/bench/answers.c spec/bench/answers.h | $(BENCH_DIR)
	$(BENCH_CC) -lm

$(BENCH_DIR)/floor: spec/bench/floor.c | $(BENCH_DIR)
	$(BENCH_CC) $(CURL_INC) $(CURL_LIB)

$(BENCH_DIR)/floor_many: spec/bench/floor_many.c | $(BENCH_DIR)
	$(BENCH_CC) $(CURL_INC) $(CURL_LIB)

$(BENCH_DIR)/launch: spec/bench/launch.c | $(BENCH_DIR)
	$(BENCH_CC)

.PHONY: bench-build bench bench-quick bench-profile bench-tls bench-tools bench-dialogue
bench-build: $(BENCH_BIN)
	@$(MAKE) --no-print-directory build LUA=lua5.4
	@$(MAKE) --no-print-directory build LUA=luajit

bench: bench-build ## speed and memory beside bare libcurl, on lua5.4 and luajit; fails over a limit
	@BUILD=$(BUILD) spec/bench/run

bench-quick: bench-build ## the same in half a minute, with a margin for noise
	@BUILD=$(BUILD) spec/bench/run quick

bench-profile: bench-build ## who spends the instructions of a chat, an event, an embedding, a start (valgrind)
	@BUILD=$(BUILD) spec/bench/run profile

bench-tls: bench-build ## what new TLS connections cost, with all of the system's authorities (needs unshare)
	@$(WITH_PATHS) lua5.4 spec/bench/tls.lua

bench-tools: deps-server bench-build ## what the loop of tools and partial JSON cost; fails over their limits
	@$(WITH_PATHS) lua5.4 spec/bench/tools.lua
	@$(WITH_PATHS) lua5.4 spec/bench/partial_json.lua
	@eval "$$($(MAKE) -s --no-print-directory env LUA=luajit)" && luajit spec/bench/tools.lua && luajit spec/bench/partial_json.lua

bench-dialogue: ## what a dialogue costs for a turn, a fork and to keep, with up to 100,000 messages; fails over a limit
	@$(MAKE) --no-print-directory build LUA=lua5.4
	@$(MAKE) --no-print-directory build LUA=luajit
	@$(WITH_PATHS) lua5.4 spec/bench/dialogue.lua
	@eval "$$($(MAKE) -s --no-print-directory env LUA=luajit)" && luajit spec/bench/dialogue.lua

.PHONY: bench-files
bench-files: deps-server ## a file of 1 GiB up and down; fails where memory grows by more than 16 MiB
	@$(MAKE) --no-print-directory build LUA=lua5.4
	@$(MAKE) --no-print-directory build LUA=luajit
	@$(WITH_PATHS) lua5.4 spec/bench/files.lua 1024
	@eval "$$($(MAKE) -s --no-print-directory env LUA=luajit)" && luajit spec/bench/files.lua 1024

.PHONY: bench-lab
bench-lab: deps-server ## 600 cells of the lab at 200 ms, eight at once, and again from its cache; fails over a limit
	@$(MAKE) --no-print-directory build LUA=lua5.4
	@$(MAKE) --no-print-directory build LUA=luajit
	@$(WITH_PATHS) lua5.4 spec/bench/lab.lua lua5.4
	@eval "$$($(MAKE) -s --no-print-directory env LUA=luajit)" && luajit spec/bench/lab.lua luajit

.PHONY: bench-command
bench-command: bench-build ## when the command shows the first byte of an answer, beside curl; fails over a limit
	@BUILD=$(BUILD) spec/bench/command

# ---- beside its peers: npm's openai, and a curl process per call (for developers)

.PHONY: bench-peers
bench-peers: bench-build ## what a chunk, a chat and a start cost beside npm's openai and curl (npm)
	@BUILD=$(BUILD) spec/bench/peers

# ---- end of peers
