# The tokenizer's tables, ready for use, made at build time from the committed data.

TOK_DATA     := csrc/core/tokenizer/data
TOK_TABLES   := o200k cl100k p50k unicode
TOK_DATA_OBJ := $(TOK_TABLES:%=$(BUILD)/tokenizer/%.o)
HOST_CC      ?= $(CC) # runs on the machine that builds

# Counting is what this code exists for: it is worth the compiler's best, unless somebody
# asks for something else than the usual.
$(TOK_OBJ) $(BUILD)/$(LUA_ID)/binding/tokenizer.o: CFLAGS := $(if $(filter -O2,$(OPT)),-O3) $(CFLAGS)

$(BUILD)/tokenizer/generate: $(addprefix csrc/core/tokenizer/,data/generate.c vocabulary.c vocabulary.h bytes.h unicode.h)
	@mkdir -p $(@D)
	$(SAY)$(HOST_CC) -std=c11 $(WARN) $(WERROR) -O2 -o $@ $(filter %.c,$^)

$(BUILD)/tokenizer/unicode.c: $(TOK_DATA)/unicode.txt $(BUILD)/tokenizer/generate
	@$(BUILD)/tokenizer/generate unicode <$< >$@

$(BUILD)/tokenizer/%.c: $(TOK_DATA)/%.pairs $(BUILD)/tokenizer/generate
	@$(BUILD)/tokenizer/generate pairs $* <$< >$@

$(BUILD)/tokenizer/%.o: $(BUILD)/tokenizer/%.c
	$(SAY)$(CC) -std=c11 -fPIC -fvisibility=hidden $(OPT) $(CFLAGS) -Icsrc -c -o $@ $<

.PHONY: tokens-data
tokens-data: ## make the tokenizer's data again from the published vocabularies (npm)
	@command -v npm >/dev/null || spec/support/packages.sh nodejs npm
	node $(TOK_DATA)/fetch.mjs
	@cd $(TOK_DATA) && git diff --stat --exit-code -- . && echo "the data is as committed"

# ---- for developers: beside the reference implementation (npm)

TOK_TOOLS := csrc/core/tokenizer/tools
SEED      ?= 20241
N         ?= 1000000

$(BUILD)/tokenizer/compare: $(TOK_TOOLS)/compare.c $(TOK_OBJ) $(TOK_DATA_OBJ) $(TOK_CORE_OBJ)
	@mkdir -p $(@D)
	$(SAY)$(CC) $(BASE) $(CFLAGS) -o $@ $^

.PHONY: tokens-reference
tokens-reference: deps-build ## every character and N random texts against npm's tiktoken
	@command -v npm >/dev/null || spec/support/packages.sh nodejs npm
	@$(SUBMAKE) $(BUILD)/tokenizer/compare
	@$(TOK_TOOLS)/with_tiktoken.sh bash -o pipefail -c \
	  'node $(TOK_TOOLS)/reference.mjs "$$TIKTOKEN" $(SEED) $(N) | $(BUILD)/tokenizer/compare'

.PHONY: tokens-bench
tokens-bench: ## tokens per second beside npm's tiktoken, on Lua 5.4 and LuaJIT
	@command -v npm >/dev/null || spec/support/packages.sh nodejs npm
	@$(MAKE) --no-print-directory build LUA=lua5.4 >/dev/null
	@$(MAKE) --no-print-directory build LUA=luajit >/dev/null
	@spec/bench/tokens_corpus.sh $(BUILD)/bench/tokens
	@$(TOK_TOOLS)/with_tiktoken.sh node spec/bench/tokens.mjs $(BUILD)/bench/tokens lua5.4 luajit
