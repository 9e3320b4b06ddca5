# Every spec/c/fuzz/*_fuzz.c is a target of libFuzzer, with ASan and UBSan; beside it may
# lie NAME.dict and NAME.seeds. `make fuzz FUZZ=NAME FUZZ_SECONDS=600` runs one for longer.

FUZZ_SECONDS ?= 60
FUZZ         ?= $(patsubst spec/c/fuzz/%.c,%,$(wildcard spec/c/fuzz/*_fuzz.c))
FUZZ_CC      ?= clang
FUZZ_DIR     := $(BUILD)/fuzz
FUZZ_FLAGS    = $(BASE) -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
  $(LUA_INC) $(CURL_INC) $(CFLAGS)
FUZZ_OBJ     := $(patsubst csrc/%.c,$(FUZZ_DIR)/obj/%.o,$(CORE_SRC) $(TOK_SRC) $(BIND_SRC))

$(FUZZ_DIR)/obj/%.o: csrc/%.c
	@mkdir -p $(@D)
	$(SAY)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined -c -o $@ $<

# An archive, so that a target takes of it only what it calls.
$(FUZZ_DIR)/all.a: $(FUZZ_OBJ)
	@rm -f $@
	$(SAY)$(AR) rcs $@ $^

$(FUZZ_DIR)/%: spec/c/fuzz/%.c $(FUZZ_DIR)/all.a $(TOK_DATA_OBJ)
	$(SAY)$(FUZZ_CC) $(FUZZ_FLAGS) -iquote csrc -fsanitize=fuzzer,address,undefined -o $@ \
	  $< $(FUZZ_DIR)/all.a $(TOK_DATA_OBJ) $(shell pkg-config --libs $(LUA)) $(CURL_LIB) -lm

-include $(FUZZ_OBJ:.o=.d)

.PHONY: fuzz fuzz-build
fuzz-build: $(addprefix $(FUZZ_DIR)/,$(FUZZ))
	@:

fuzz: deps-build ## each fuzz target for FUZZ_SECONDS (60); crashes go to build/fuzz/crashes
	@spec/support/packages.sh clang libclang-rt-dev
	@$(SUBMAKE) fuzz-build
	@spec/c/fuzz/run.sh $(FUZZ_DIR) $(FUZZ_SECONDS) $(FUZZ)
