import type { SessionEnd } from "../sip/index.js";
import { header, type SipMessage } from "../sip/message/index.js";
import type { CallEnd } from "./call-events.js";

/** How the call ended by what the stack says; `why` are our own words when we ended it. */
export function callEnd(by: SessionEnd, why: string | undefined): CallEnd {
  switch (by.kind) {
    case "request":
      return { by: "far-end", method: by.request.method, causes: causesIn(by.request) };
    case "response":
      return { by: "far-end", ...said(by.response) };
    case "failure":
      return { by: "failure", status: by.status, causes: [], why: why ?? by.what };
    case "local":
      return {
        ...{ by: "us", causes: [] },
        ...(by.response === undefined ? {} : said(by.response)),
        ...(why === undefined ? {} : { why }),
      };
  }
}

function said(response: Extract<SipMessage, { kind: "response" }>) {
  const warning = response.headers.values(header.warning)[0]?.text;
  return {
    status: response.status,
    phrase: response.reason,
    causes: causesIn(response),
    ...(warning === undefined ? {} : { warning }),
  };
}

function causesIn(message: SipMessage) {
  return message.headers.values(header.reason);
}
