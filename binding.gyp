{
  # The media engine. The lists of sources are those of the sources.mk beside them, which the native tests use; a test holds them
  # together. codecs/g729, once it is there, brings its own list.
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
      "sources": [
        "codecs/g711/tables.c",
        "codecs/g711/g711.c",
        "codecs/g711/codec.c",
        "codecs/concealment/concealment.c",
        "codecs/concealment/octets.c",
        "codecs/tones/level.c",
        "codecs/tones/tone.c",
        "codecs/tones/milliwatt.c",
        "codecs/tones/country.c",
        "codecs/tones/dtmf-generator.c",
        "codecs/tones/dtmf-detector.c",
        "codecs/tones/answer-tone.c",
        "codecs/tones/v21-preamble.c"
      ]
    },
    {
      "target_name": "engine",
      "type": "static_library",
      "dependencies": ["codecs"],
      "sources": [
        "native/rtp/packet.cc",
        "native/rtp/reception.cc",
        "native/rtp/jitter-buffer.cc",
        "native/rtp/rtcp.cc",
        "native/rtp/rtcp-schedule.cc",
        "native/rtp/telephone-event.cc",
        "native/rtp/sender.cc",
        "native/rtp/latch.cc",
        "native/rtp/clock-drift.cc",
        "native/tdm/frame-ring.cc",
        "native/tdm/hdlc.cc",
        "native/tdm/line.cc",
        "native/tdm/simulated/span-pair.cc",
        "native/net/address.cc",
        "native/net/udp.cc",
        "native/net/memory.cc",
        "native/engine/block.cc",
        "native/engine/codec-table.cc",
        "native/engine/detectors.cc",
        "native/engine/engine.cc",
        "native/engine/engine-joints.cc",
        "native/engine/engine-ports.cc",
        "native/engine/engine-spans.cc",
        "native/engine/link-port.cc",
        "native/engine/port.cc",
        "native/engine/prbs.cc",
        "native/engine/rtp-port.cc",
        "native/engine/rtp-receive.cc",
        "native/engine/rtp-rtcp.cc",
        "native/engine/rtp-send.cc",
        "native/engine/sink.cc",
        "native/engine/source.cc",
        "native/engine/span-record.cc",
        "native/engine/terminal-port.cc",
        "native/engine/timeslot-port.cc",
        "native/engine/worker.cc",
        "native/engine/worker-graph.cc",
        "native/engine/worker-thread.cc"
      ]
    },
    {
      "target_name": "trunkgate",
      "dependencies": ["engine", "codecs"],
      "defines": ["NAPI_VERSION=8"],
      "sources": [
        "native/binding/addon.cc",
        "native/binding/environment.cc",
        "native/binding/port-methods.cc",
        "native/binding/rtp-methods.cc",
        "native/binding/span-methods.cc",
        "native/binding/terminal-methods.cc",
        "native/binding/values.cc"
      ]
    }
  ]
}
