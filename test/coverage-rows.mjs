// The rows that docs/coverage.md has: read from the built rooms where they hold them as rows, from the
// sources where they are the names of a union.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const START_STOP_EXPIRY = ["start", "stop", "expiry"];
/** Timers of states that nothing but the timer leaves. */
const START_EXPIRY = ["start", "expiry"];

/**
 * Tables of rows: `tag` as tests write it, what it means; `every`: the word of a tag for all rows;
 * `looksLike`: what no tag may look like unless it is one of the rows.
 */
export async function universe(top) {
  const room = (path) => import(pathToFileURL(join(top, "dist", path)).href);
  const { TIMER_ROWS } = await room("isdn/index.js");
  const { elementRows } = await room("isdn/q931/elements/rows.js");
  const { messageRow, messageRows } = await room("isdn/q931/message-rows.js");
  const { timerTable } = await room("sip/transaction/index.js");
  const { header } = await room("sip/message/header-table.js");
  const { CAUSE_MAPS } = await room("interworking/index.js");
  const { causeName } = await room("call/index.js");
  const union = (file, name) => unionOf(join(top, "src", file), name);

  return [
    {
      title: "Q.931 timers (tables 9-1 and 9-2)",
      looksLike: /^t3\d\d /,
      rows: Object.entries(TIMER_ROWS).flatMap(([name, { meaning }]) =>
        phases(name, meaning, START_STOP_EXPIRY),
      ),
    },
    {
      title: "Q.921 timers (§5.9)",
      looksLike: /^t2\d\d /,
      rows: Object.entries(Q921_TIMERS).flatMap(([name, meaning]) =>
        phases(name, meaning, START_STOP_EXPIRY),
      ),
    },
    {
      title: "SIP transaction timers (RFC 3261 table 4, RFC 6026)",
      looksLike: /^timer ([a-z]|trying) (start|stop|expiry)$/,
      rows: timerTable
        .filter(({ name }) => !/^T\d$/.test(name))
        .flatMap(({ name, sentence }) =>
          phases(
            `Timer ${name}`,
            sentence,
            "DIJKLM".includes(name) ? START_EXPIRY : START_STOP_EXPIRY,
          ),
        ),
    },
    {
      title: "SIP session timers (RFC 3261 §13.3.1.4, §14.1, RFC 3262 §3)",
      looksLike: /^session timer /,
      rows: union("sip/dialog/session.ts", "SessionTimer").flatMap((name) =>
        phases(
          `session timer ${name}`,
          meaningOf(SESSION_TIMERS, name),
          name === "linger" ? START_EXPIRY : START_STOP_EXPIRY,
        ),
      ),
    },
    {
      title: "Timers of the join (RFC 3398) and of a span",
      looksLike: /^(join|span) timer /,
      rows: [
        ...union("interworking/join-state.ts", "JoinTimer").flatMap((name) =>
          phases(`join timer ${name}`, meaningOf(JOIN_TIMERS, name), START_STOP_EXPIRY),
        ),
        ...phases(
          "span timer persistence",
          "an alarm is borne so long before the span fails",
          START_STOP_EXPIRY,
        ),
      ],
    },
    {
      title: "Q.931 messages",
      every: "message",
      looksLike: /^message /,
      rows: messageRows
        .filter((one) => one === messageRow(one.type))
        .map(({ name, clause }) => ({ tag: name, meaning: clause })),
    },
    {
      title: "Q.931 elements",
      every: "element",
      looksLike: /^element /,
      rows: elementRows.map(({ kind, code }) => ({
        tag: `element ${kind.replaceAll("-", " ")}`,
        meaning: `0x${code.toString(16).padStart(2, "0")}`,
      })),
    },
    {
      title: "Q.850 causes",
      looksLike: /^cause (?!\d+$)/,
      rows: Array.from({ length: 127 }, (_, index) => index + 1)
        .filter((value) => !causeName(value).endsWith("(unlisted)"))
        .map((value) => ({ tag: `cause ${value}`, meaning: causeName(value) })),
    },
    {
      title: "SIP methods",
      looksLike: /^method /,
      rows: SIP_METHODS.map(([tag, meaning]) => ({ tag, meaning })),
    },
    {
      title: "SIP statuses of the cause maps (rfc3398, seed, rfc4497)",
      looksLike: /^status /,
      rows: statuses(CAUSE_MAPS).map((status) => ({
        tag: String(status),
        meaning: meaningOfStatus(CAUSE_MAPS, status),
      })),
    },
    {
      title: "SIP headers",
      looksLike: /^header /,
      rows: Object.values(header).map(({ name, compact, multiplicity }) => ({
        tag: `header ${name}`,
        meaning: compact === undefined ? multiplicity : `${multiplicity}, compact ${compact}`,
      })),
    },
  ];
}

function phases(name, meaning, of) {
  return of.map((phase) => ({ tag: `${name} ${phase}`, meaning }));
}

/** The names of a union of string literals in a source file. */
function unionOf(file, name) {
  const source = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  const body = new RegExp(`type ${name} =([^;]*);`).exec(source)?.[1] ?? "";
  const names = [...body.matchAll(/"([^"]+)"/g)].map(([, one]) => one);
  if (names.length === 0) throw new Error(`${file} has no union ${name}`);
  return names;
}

function meaningOf(meanings, name) {
  const meaning = meanings[name];
  if (meaning === undefined) throw new Error(`test/coverage-rows.mjs does not know timer ${name}`);
  return meaning;
}

function statuses(maps) {
  const all = Object.values(maps).flatMap(({ toStatus, toCause }) => [
    ...toStatus.flatMap(({ status, ifUser, ifNewNumber }) => [status, ifUser, ifNewNumber]),
    ...toCause.map(({ status }) => status),
  ]);
  return [...new Set(all)].filter((status) => status !== undefined).sort((a, b) => a - b);
}

function meaningOfStatus({ rfc3398, rfc4497 }, status) {
  const to = rfc3398.toCause.find((row) => row.status === status)?.cause;
  const from = [...new Set([...rfc3398.toStatus, ...rfc4497.toStatus])]
    .filter((row) => [row.status, row.ifUser, row.ifNewNumber].includes(status))
    .map(({ cause }) => cause);
  const toText = to === "by-warning" ? "to 65 or 31, by Warning" : `to ${to}`;
  return [
    ...(to === undefined ? [] : [toText]),
    ...(from.length === 0 ? [] : [`from ${[...new Set(from)].join(" ")}`]),
  ].join("; ");
}

const Q921_TIMERS = {
  T200: "a frame that asks for an answer was sent",
  T203: "nothing is outstanding: the peer is asked when it stays silent",
};

const SESSION_TIMERS = {
  reliable: "reliable provisional response awaits its PRACK: T1 doubling, 64*T1",
  accept: "2xx awaits its ACK: T1 to T2, 64*T1",
  "back-off": "491 to a modification: tried again after a while",
  linger: "final failure sent: a PRACK may still come",
  expires: "an INVITE is answered within its Expires",
};

const JOIN_TIMERS = {
  "early-progress": "the exchange behind the caller hears of progress before its T310",
  T310: "SIP peer gives no word after INVITE",
  T301: "SIP peer rings",
  tones: "in-band tones after a failure or DISCONNECT",
  "call-length": "longest call, where configured",
  silence: "release after RTP silence, where configured",
  "clearing-guard": "a leg that was cleared never says so",
};

/** What a call uses, in both roles. */
const SIP_METHODS = [
  ["INVITE", "RFC 3261 §13"],
  ["ACK", "RFC 3261 §13.2.2.4, §17.1.1.3"],
  ["BYE", "RFC 3261 §15"],
  ["CANCEL", "RFC 3261 §9"],
  ["OPTIONS", "RFC 3261 §11"],
  ["PRACK", "RFC 3262"],
  ["UPDATE", "RFC 3311"],
  ["INFO", "RFC 6086"],
];
