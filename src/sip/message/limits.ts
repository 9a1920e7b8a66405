/** Bounds of a message. What is larger is refused before it costs more than a look. */
export const messageLimits = {
  /** Octets of a message, body included: the largest UDP datagram. */
  message: 65_535,
  /** Header lines. */
  headers: 256,
  /** Octets of one header, its folded lines included; also of the start line. */
  headerLine: 8192,
  /** Elements of a list header over all its lines. */
  elements: 256,
  /** Parameters of one value or URI. */
  parameters: 64,
  /** Parts of a multipart body, those of nested ones included. */
  bodyParts: 32,
  /** Levels of multipart in multipart. */
  bodyDepth: 4,
} as const;
