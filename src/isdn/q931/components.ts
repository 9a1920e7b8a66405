import { type BerValue, ber, berInteger, readBer } from "./ber.js";
import type { Element } from "./elements/element.js";
import type { FacilityElement } from "./elements/text.js";
import { elements, type Message } from "./message.js";

/*
 * Components of a Facility element (Q.932 §8.2.3.1, EN 300 196-1 annex D): Invoke [1], Return result [2],
 * Return error [3], Reject [4], each { invoke id, ... }.
 */

/** The Invoke components; none where the octets are not BER. */
export function invocations({ components }: FacilityElement): readonly BerValue[] {
  return (readBer(components) ?? []).filter(
    (component) => component.class === "context" && component.tag === INVOKE,
  );
}

/** The argument of a public operation, by its local value. */
export function argumentOf(element: FacilityElement, operation: number): BerValue | undefined {
  if (element.profile !== REMOTE_OPERATIONS) return undefined;
  return invocations(element).find((one) => operationOf(one) === operation)?.inside[2];
}

/** The local value of an invoked operation; undefined for a global one. */
export function operationOf({ inside }: BerValue): number | undefined {
  const [, operation] = inside;
  return operation?.tag === INTEGER ? berInteger(operation) : undefined;
}

/** A Facility element that invokes a public operation. */
export function invocation(
  invokeId: number,
  operation: number,
  argument: readonly number[],
): FacilityElement {
  const header = [ber(INTEGER, [invokeId & 0x7f]), ber(INTEGER, [operation])];
  const components = Uint8Array.from(ber(0xa0 | INVOKE, ...header, argument));
  return { kind: "facility", profile: REMOTE_OPERATIONS, components };
}

/**
 * The Reject components that answer what nobody here does (EN 300 196-1 §8.3, Q.932 §6.3); undefined where
 * all was understood, or is to be dropped in silence.
 */
export function rejection(element: FacilityElement): FacilityElement | undefined {
  const { profile, components } = element;
  const values = readBer(components);
  if (!mayReject(profile, values)) return undefined;
  const rejects =
    values === undefined
      ? malformed(components)
      : values.flatMap((value) => rejectOf(value)).slice(0, MOST_REJECTS);
  if (rejects.length === 0) return undefined;
  return { kind: "facility", profile, components: Uint8Array.from(rejects.flat()) };
}

/** A message without the Facility elements that are rejected, and the elements that answer them. */
export function judgeComponents(message: Message): {
  readonly message: Message;
  readonly answers: readonly FacilityElement[];
} {
  const judged = elements(message, "facility").map((element) => ({
    element,
    answer: rejection(element),
  }));
  const refused = judged.filter(({ answer }) => answer !== undefined);
  if (refused.length === 0) return { message, answers: [] };
  const gone: ReadonlySet<Element> = new Set(refused.map(({ element }) => element));
  return {
    message: { ...message, elements: message.elements.filter((one) => !gone.has(one)) },
    answers: refused.flatMap(({ answer }) => answer ?? []),
  };
}

/** Networking extensions say themselves what becomes of what is not recognised: [11] 2 is reject. */
function mayReject(profile: number, values: readonly BerValue[] | undefined): boolean {
  if (profile === REMOTE_OPERATIONS) return true;
  const said = values?.find(({ class: of, tag }) => of === "context" && tag === INTERPRETATION);
  return profile === NETWORKING_EXTENSIONS && said?.octets[0] === REJECT_UNRECOGNISED;
}

/** A Reject is never rejected: two sides would go on for ever. */
function malformed(components: Uint8Array): readonly number[][] {
  return components[0] === (0xa0 | REJECT) ? [] : [reject(undefined, GENERAL, BADLY_STRUCTURED)];
}

function rejectOf(component: BerValue): readonly number[][] {
  if (component.class !== "context") return [reject(undefined, GENERAL, UNRECOGNISED_COMPONENT)];
  // Answers to what we invoke need none; the rest is addressing and interpretation.
  if (component.tag !== INVOKE) return [];
  const [identifier] = component.inside;
  if (identifier?.tag !== INTEGER || identifier.octets.length > LONGEST_ID)
    return [reject(undefined, GENERAL, MISTYPED_COMPONENT)];
  const operation = operationOf(component);
  if (operation !== undefined && UNDERSTOOD.has(operation)) return [];
  return [reject(identifier, OF_INVOKE, UNRECOGNISED_OPERATION)];
}

function reject(identifier: BerValue | undefined, kind: number, problem: number): number[] {
  const id = identifier === undefined ? ber(NULL) : ber(INTEGER, [...identifier.octets]);
  return ber(0xa0 | REJECT, id, ber(kind, [problem]));
}

export const REMOTE_OPERATIONS = 17;
export const NETWORKING_EXTENSIONS = 31;
export const INVOKE = 1;
export const REJECT = 4;
export const INTEGER = 2;
export const NULL = 5;
export const SEQUENCE = 16;
const INTERPRETATION = 11;
const REJECT_UNRECOGNISED = 2;
// X.229 problems: general [0], of an Invoke [1]
const GENERAL = 0x80;
const OF_INVOKE = 0x81;
const UNRECOGNISED_COMPONENT = 0;
const MISTYPED_COMPONENT = 1;
const BADLY_STRUCTURED = 2;
const UNRECOGNISED_OPERATION = 1;
const LONGEST_ID = 4;
const MOST_REJECTS = 16;

/** Operations that only tell something: diversion (EN 300 207-1) and charge (EN 300 182-1). */
const UNDERSTOOD: ReadonlySet<number> = new Set([12, 15, 18, 19, 31, 32, 33, 34, 35, 36]);
