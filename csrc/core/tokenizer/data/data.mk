# The tokenizer's tables, ready for use, made at build time from the committed data.

TOK_DATA     := csrc/core/tokenizer/data
TOK_TABLES   := o200k cl100k p50k unicode
TOK_DATA_OBJ := $(TOK_TABLES:%=$(BUILD)/tokenizer/%.o)
HOST_CC      ?= $(CC) # runs on the machine that builds

$(BUILD)/tokenizer/generate: $(addprefix csrc/core/tokenizer/,data/generate.c vocabulary.c vocabulary.h unicode.h)
	@mkdir -p $(@D)
	$(HOST_CC) -std=c11 $(WARN) $(WERROR) -O2 -o $@ $(filter %.c,$^)

$(BUILD)/tokenizer/unicode.c: $(TOK_DATA)/unicode.txt $(BUILD)/tokenizer/generate
	$(BUILD)/tokenizer/generate unicode <$< >$@

$(BUILD)/tokenizer/%.c: $(TOK_DATA)/%.pairs $(BUILD)/tokenizer/generate
	$(BUILD)/tokenizer/generate pairs $* <$< >$@

$(BUILD)/tokenizer/%.o: $(BUILD)/tokenizer/%.c
	$(CC) -std=c11 -fPIC -fvisibility=hidden $(OPT) $(CFLAGS) -Icsrc -c -o $@ $<

.PHONY: tokens-data
tokens-data: ## make the tokenizer's data again from the published vocabularies (npm)
	@spec/support/packages.sh nodejs npm
	node $(TOK_DATA)/fetch.mjs
	@cd $(TOK_DATA) && git diff --stat --exit-code -- . && echo "the data is as committed"
