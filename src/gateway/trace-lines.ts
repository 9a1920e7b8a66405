/** `INVITE sip:100@host +SDP` or `183 Session Progress (INVITE) +SDP RSeq 7`, from a message's text. */
export function summariseSip(text: string): string {
  const end = text.indexOf("\r\n\r\n");
  const lines = (end < 0 ? text : text.slice(0, end)).slice(0, LONGEST_HEAD).split("\r\n");
  const first = (lines[0] ?? "").replace(/ SIP\/2\.0$/, "").replace(/^SIP\/2\.0 /, "");
  const isResponse = /^\d{3} /.test(first);
  const method = fieldOf(lines, ["cseq"])?.split(/\s+/)[1] ?? "?";
  const type = fieldOf(lines, ["content-type", "c"]);
  const rseq = isResponse ? fieldOf(lines, ["rseq"]) : undefined;
  const reason = fieldOf(lines, ["reason"]);
  return [
    isResponse ? `${first} (${method})` : first,
    type?.startsWith("application/sdp") === true ? " +SDP" : "",
    rseq === undefined ? "" : ` RSeq ${rseq}`,
    reason === undefined ? "" : ` Reason: ${reason}`,
  ].join("");
}

function fieldOf(lines: readonly string[], names: readonly string[]): string | undefined {
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0 && names.includes(line.slice(0, colon).trim().toLowerCase())) {
      return line.slice(colon + 1, colon + 120).trim();
    }
  }
  return undefined;
}

/** Time of day with milliseconds, as ladders show it. */
export function timeOfDay(date: Date): string {
  return date.toISOString().slice(11, 23);
}

const LONGEST_HEAD = 8192;
