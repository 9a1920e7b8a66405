# The sources of the static library `codecs`, relative to this folder. binding.gyp lists the same.
CODECS_SOURCES := \
  g711/tables.c \
  g711/g711.c \
  g711/codec.c \
  concealment/concealment.c \
  concealment/octets.c \
  tones/level.c \
  tones/tone.c \
  tones/milliwatt.c \
  tones/country.c \
  tones/dtmf-generator.c \
  tones/dtmf-analysis.c \
  tones/dtmf-detector.c \
  tones/answer-tone.c \
  tones/v21-preamble.c \
  g729/tables.c \
  g729/double-precision.c \
  g729/frame.c \
  g729/lsp.c \
  g729/lsp-quantizer.c \
  g729/filter.c \
  g729/pitch-delay.c \
  g729/adaptive-codebook.c \
  g729/fixed-codebook.c \
  g729/gain.c \
  g729/high-pass.c \
  g729/post-filter.c \
  g729/decoder.c
