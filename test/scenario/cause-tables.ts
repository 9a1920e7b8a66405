/** The cause maps as the documents print them, typed off again: the source's tables are judged by these. */

/** RFC 3398 §7.2.4.1: status for a cause of the network; what is not here is 500. */
export const RFC3398_STATUS: Readonly<Record<number, number>> = {
  ...{ 1: 404, 2: 404, 3: 404, 16: 480, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 22: 410 },
  ...{ 23: 410, 26: 404, 27: 502, 28: 484, 29: 501, 31: 480 },
  ...{ 34: 503, 38: 503, 41: 503, 42: 503, 47: 503 },
  ...{ 55: 403, 57: 403, 58: 503, 65: 488, 70: 488, 79: 501, 87: 403, 88: 503 },
  ...{ 102: 504, 111: 500, 127: 500 },
};

export const STATUS_TABLES = {
  rfc3398: RFC3398_STATUS,
  /** 407, 600 and 604 share their causes with 603, 486 and 404, which say less. */
  seed: { ...RFC3398_STATUS, 18: 480, 21: 603, 38: 502 },
  rfc4497: { ...RFC3398_STATUS, 25: 483 },
} as const satisfies Readonly<Record<string, Readonly<Record<number, number>>>>;

/** RFC 3398 §8.2.6.1: cause for a status; the second 504 of the text is 505; what is not here is 31. */
export const RFC3398_CAUSE: Readonly<Record<number, number>> = {
  ...{ 400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 63, 406: 79, 407: 21, 408: 102, 410: 22 },
  ...{ 413: 127, 414: 127, 415: 79, 416: 127, 420: 127, 421: 127, 423: 127, 480: 18, 481: 41 },
  ...{ 482: 25, 483: 25, 484: 28, 485: 1, 486: 17, 488: 31, 500: 41, 501: 79, 502: 38, 503: 41 },
  ...{ 504: 102, 505: 127, 513: 127, 600: 17, 603: 21, 604: 1, 606: 31 },
};
