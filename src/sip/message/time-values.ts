import { fault, ok } from "../../core/index.js";
import { isDigit, skipBlanks } from "./grammar.js";
import type { SipDate, Timestamp } from "./types.js";
import type { Codec } from "./values.js";

/** RFC 3261 §20.38: `1*DIGIT [ . *DIGIT ] [ LWS delay ]`. */
export const timestamp: Codec<Timestamp> = {
  parse: (value) => {
    const end = fractionEnd(value, 0);
    if (end <= 0) return fault(0, "malformed timestamp");
    if (end === value.length) return ok({ value });
    const start = skipBlanks(value, end);
    if (start === end || fractionEnd(value, start) !== value.length)
      return fault(end, "malformed delay of a timestamp");
    return ok({ value: value.slice(0, end), delay: value.slice(start) });
  },
  print: ({ value, delay }) => (delay === undefined ? value : `${value} ${delay}`),
};

function fractionEnd(value: string, from: number): number {
  let at = from;
  while (isDigit(value.charCodeAt(at))) at++;
  if (value.charCodeAt(at) === DOT) for (at++; isDigit(value.charCodeAt(at)); ) at++;
  return at;
}

/** RFC 3261 §20.17: `Sat, 13 Nov 2010 23:29:00 GMT`, no other zone. */
export const date: Codec<SipDate> = {
  parse: (value) => {
    const match = /^(\w{3}), (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/i.exec(value);
    if (match === null) return fault(0, "malformed date");
    const [, weekday = "", day, month = "", year, hour, minute, second] = match;
    const date: SipDate = {
      year: Number(year),
      month: MONTHS.indexOf(month.toLowerCase()) + 1,
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
    };
    const possible =
      date.month > 0 &&
      date.day >= 1 &&
      date.day <= 31 &&
      date.hour < 24 &&
      date.minute < 60 &&
      date.second <= 60 &&
      WEEKDAYS.includes(weekday.toLowerCase());
    return possible ? ok(date) : fault(0, "impossible date");
  },
  print: (value) => {
    const two = (number: number) => String(number).padStart(2, "0");
    const month = capital(MONTHS[value.month - 1] ?? "jan");
    const time = `${two(value.hour)}:${two(value.minute)}:${two(value.second)}`;
    const day = `${two(value.day)} ${month} ${String(value.year).padStart(4, "0")}`;
    return `${capital(weekdayOf(value))}, ${day} ${time} GMT`;
  },
};

/** Zeller's congruence, for the Gregorian calendar. */
function weekdayOf({ year, month, day }: SipDate): string {
  const m = month < 3 ? month + 12 : month;
  const y = month < 3 ? year - 1 : year;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const h = (day + Math.floor((13 * (m + 1)) / 5) + y + leaps) % 7;
  return WEEKDAYS[(h + 6) % 7] as string;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const DOT = 46;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
