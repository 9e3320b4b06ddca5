# lualogue: `make run`, `make test`, `make help`.
#
# Everything that is built goes below $(BUILD); the core's objects know no Lua and are shared
# by the builds for all of them.

LUA     ?= lua5.4
BUILD   ?= build
CC      ?= cc
OPT     ?= -O2
SAN     ?=
CFLAGS  ?=
LDFLAGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

# ---------------------------------------------------------------- what a build is made of

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wwrite-strings -Wmissing-prototypes \
  -Wstrict-prototypes -Wold-style-definition -Wundef -Wpointer-arith -Wvla -Wformat=2 \
  -Wno-format-nonliteral
BASE := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -fno-common -MMD -MP $(WARN) $(OPT) $(SAN)

LUA_PC  := $(if $(filter luajit,$(LUA)),luajit,$(LUA))
LUA_INC  = $(shell pkg-config --cflags $(LUA_PC) 2>/dev/null)
CURL_INC = $(shell pkg-config --cflags libcurl 2>/dev/null)
CURL_LIB = $(or $(shell pkg-config --libs libcurl 2>/dev/null),-lcurl)

CORE_SRC  := $(wildcard csrc/core/*.c)
TOK_SRC   := $(wildcard csrc/core/tokenizer/*.c)
TOK_BIND  := csrc/binding/tokenizer.c
BIND_SRC  := $(filter-out $(TOK_BIND),$(wildcard csrc/binding/*.c))
OBJECT_C  := csrc/binding/object.c

CORE_OBJ := $(CORE_SRC:csrc/%.c=$(BUILD)/%.o)
TOK_OBJ  := $(TOK_SRC:csrc/%.c=$(BUILD)/%.o)
BIND_OBJ := $(BIND_SRC:csrc/binding/%.c=$(BUILD)/$(LUA)/binding/%.o)
TOK_BIND_OBJ := $(patsubst csrc/binding/%.c,$(BUILD)/$(LUA)/binding/%.o,$(wildcard $(TOK_BIND)) $(OBJECT_C))
SO_DIR   := $(BUILD)/$(LUA)/lualogue
MODULES  := $(SO_DIR)/core.so $(if $(wildcard $(TOK_BIND)),$(SO_DIR)/tokenizer.so)

# A module that a resolver thread may outlive is never unloaded (-z nodelete).
SHARED := -shared -Wl,-z,nodelete -Wl,-z,defs -Wl,--exclude-libs,ALL
# A module leaves lua_* to the host that loads it, hence no -z defs for the bindings.
SHARED_LUA := -shared -Wl,-z,nodelete -Wl,--exclude-libs,ALL

.PHONY: build
build: deps-build $(MODULES) ## build for one Lua: make build LUA=lua5.4|luajit|lua5.1|lua5.2|lua5.3

$(BUILD)/core/%.o: csrc/core/%.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -c -o $@ $<

$(BUILD)/$(LUA)/binding/%.o: csrc/binding/%.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(LUA_INC) $(CFLAGS) -c -o $@ $<

$(SO_DIR)/core.so: $(CORE_OBJ) $(BIND_OBJ)
	@mkdir -p $(@D)
	$(CC) $(SHARED_LUA) $(SAN) $(LDFLAGS) -o $@ $^ $(CURL_LIB) -lm

$(SO_DIR)/tokenizer.so: $(TOK_OBJ) $(TOK_BIND_OBJ) $(BUILD)/core/status.o $(BUILD)/core/memory.o $(BUILD)/core/buffer.o
	@mkdir -p $(@D)
	$(CC) $(SHARED_LUA) $(SAN) $(LDFLAGS) -o $@ $^

-include $(CORE_OBJ:.o=.d) $(TOK_OBJ:.o=.d) $(BIND_OBJ:.o=.d) $(TOK_BIND_OBJ:.o=.d)

.PHONY: env
env: ## print the exports that make a build usable from any folder: eval "$$(make -s env LUA=luajit)"
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;$${LUA_PATH:-;;}"'
	@echo 'export LUA_CPATH="$(abspath $(BUILD))/$(LUA)/?.so;$${LUA_CPATH:-;;}"'

# ---------------------------------------------------------------- packages

PKG_BUILD := gcc libc6-dev pkg-config libcurl4-openssl-dev lua-cjson \
  $(if $(filter luajit,$(LUA)),luajit2 libluajit2-5.1-dev,$(LUA) $(if $(filter lua5.1,$(LUA)),liblua5.1-0-dev,lib$(LUA)-dev))

# $(call need,packages): install what is missing, and say so.
need = @missing=""; for p in $(1); do \
    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
  done; \
  if [ -n "$$missing" ]; then \
    echo "installing Debian packages:$$missing"; \
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing) \
      >$${TMPDIR:-/tmp}/lualogue-apt.log 2>&1 </dev/null \
      || { tail -n 20 $${TMPDIR:-/tmp}/lualogue-apt.log; exit 1; }; \
  fi

.PHONY: deps-build
deps-build:
	$(call need,$(PKG_BUILD))

# ---------------------------------------------------------------- C unit tests

UNIT_SRC := $(wildcard spec/c/unit/*.c)
UNIT_BIN := $(UNIT_SRC:spec/c/unit/%.c=$(BUILD)/unit/%)

# The core once more, with the allocator that can fail.
$(BUILD)/unit/obj/%.o: csrc/core/%.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -DLLG_TEST_ALLOCATOR -c -o $@ $<

UNIT_OBJ := $(CORE_SRC:csrc/core/%.c=$(BUILD)/unit/obj/%.o) $(TOK_SRC:csrc/core/%.c=$(BUILD)/unit/obj/%.o)

$(BUILD)/unit/%: spec/c/unit/%.c spec/c/test.h $(UNIT_OBJ)
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CURL_INC) $(CFLAGS) -DLLG_TEST_ALLOCATOR -Icsrc -Ispec/c $(SAN) -o $@ $< $(UNIT_OBJ) $(CURL_LIB) -lm

-include $(UNIT_OBJ:.o=.d)

.PHONY: test-c
test-c: $(UNIT_BIN) ## the C unit tests, without Lua
	@for t in $(UNIT_BIN); do echo "== $$t"; $$t || exit 1; done

# ---------------------------------------------------------------- the bench

include spec/bench/bench.mk

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

.PHONY: clean
clean: ## remove everything that was built
	rm -rf $(BUILD)
