{
  # The media engine: two static libraries, which the native tests build too (from the same sources.mk), and the addon.
  "target_defaults": {
    "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
    "cflags_c": ["-std=c11"],
    "cflags_cc!": ["-std=gnu++14", "-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["-std=c++20", "-fvisibility-inlines-hidden"],
    "configurations": {
      "Release": {"cflags!": ["-O2"], "cflags": ["-O3"]}
    }
  },
  "targets": [
    {
      "target_name": "codecs",
      "type": "static_library",
      "include_dirs": ["codecs"],
      "sources": ["<!@(node native/list-sources.mjs codecs codecs/g729)"]
    },
    {
      "target_name": "engine",
      "type": "static_library",
      "dependencies": ["codecs"],
      "include_dirs": [".", "native"],
      "sources": ["<!@(node native/list-sources.mjs native/rtp native/tdm native/net native/engine)"]
    },
    {
      "target_name": "trunkgate",
      "dependencies": ["engine", "codecs"],
      "defines": ["NAPI_VERSION=8"],
      "sources": ["<!@(node native/list-sources.mjs native/binding)"]
    }
  ]
}
