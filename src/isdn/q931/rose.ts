import { hex } from "../../core/index.js";
import { type BerValue, berInteger, berObjectIdentifier, readBer } from "./ber.js";
import {
  INTEGER,
  INVOKE,
  invocations,
  NETWORKING_EXTENSIONS,
  NULL,
  SEQUENCE,
} from "./components.js";
import { divertingLeg } from "./diversion.js";
import type { Field } from "./elements/row.js";
import { characters, latin1 } from "./elements/row.js";
import type { FacilityElement } from "./elements/text.js";

/**
 * What people want to know of the components of a Facility element: operation, name, charge. Field
 * ranges are relative to the components. Octets that are not BER give nothing.
 */
export function describeComponents(element: FacilityElement): readonly Field[] {
  return (readBer(element.components) ?? []).flatMap((component) => {
    const name = COMPONENTS[component.tag];
    const octets = component.range;
    if (component.class !== "context" || name === undefined)
      return [{ label: "Component", value: hex(component.octets), octets }];
    if (!component.constructed) return [{ label: name, value: hex(component.octets), octets }];
    return [{ label: name, value: describeInvocation(element, component), octets }];
  });
}

/** Calling name of a Facility element: NI-2 and QSIG, ECMA-164 §6.1, local operation 0. */
export function callingName(element: FacilityElement): string | undefined {
  for (const invocation of invocations(element)) {
    const [, operation, argument] = invocation.inside;
    if (operation === undefined || argument === undefined || operation.tag !== INTEGER) continue;
    if (berInteger(operation) === CALLING_NAME) return nameOf(argument);
  }
  return undefined;
}

/** A Facility element with a calling name that may be shown, as NI-2 sends it. */
export function callingNameFacility(name: string, invokeId: number): FacilityElement {
  const text = characters(name.slice(0, LONGEST_NAME), 0xff);
  const argument = [0x80, text.length, ...text];
  const invoke = [INTEGER, 1, invokeId & 0x7f, INTEGER, 1, CALLING_NAME, ...argument];
  // Interpretation component: discard what is not recognised (Q.932 §8.2.3.1.1.3).
  const interpretation = [0x8b, 1, 0];
  const components = Uint8Array.of(...interpretation, 0xa1, invoke.length, ...invoke);
  return { kind: "facility", profile: NETWORKING_EXTENSIONS, components };
}

/** Advice of charge (EN 300 182-1 §7) in words: `0.36 EUR`, `12 units`, `free of charge`. */
export function chargeAdvice(element: FacilityElement): string | undefined {
  for (const { inside } of invocations(element)) {
    const [, operation, argument] = inside;
    const code = operation?.tag === INTEGER ? berInteger(operation) : undefined;
    if (code === undefined || argument === undefined) continue;
    if (element.profile === NETWORKING_EXTENSIONS || !CHARGES.includes(code)) continue;
    return chargeOf(argument);
  }
  return undefined;
}

function describeInvocation(element: FacilityElement, component: BerValue): string {
  const [identifier, operation] = component.inside;
  const number = identifier === undefined ? undefined : berInteger(identifier);
  const parts = [`id ${number ?? "?"}`];
  if (component.tag === INVOKE && operation !== undefined)
    parts.push(operationName(element, operation));
  const said =
    component.tag === INVOKE
      ? (callingName(element) ?? chargeAdvice(element) ?? diversionOf(element))
      : undefined;
  if (said !== undefined) parts.push(said);
  return parts.join(", ");
}

function diversionOf(element: FacilityElement): string | undefined {
  const found = divertingLeg(element);
  if (found === undefined) return undefined;
  const { redirecting, originalCalled, reason, count } = found;
  const first = originalCalled === undefined ? "" : `, first called ${originalCalled.digits}`;
  return `${reason} by ${redirecting.digits || redirecting.presentation}${first}, ${count ?? "?"} times`;
}

function operationName({ profile }: FacilityElement, operation: BerValue): string {
  if (operation.tag === OBJECT_IDENTIFIER) {
    const identifier = berObjectIdentifier(operation);
    return GLOBAL_OPERATIONS[identifier] ?? identifier;
  }
  const code = berInteger(operation);
  const names = profile === NETWORKING_EXTENSIONS ? PRIVATE_OPERATIONS : PUBLIC_OPERATIONS;
  return names[code ?? -1] ?? `operation ${code ?? hex(operation.octets)}`;
}

/** ECMA-164 Name: simple, extended (with a character set), restricted or not available. */
function nameOf(argument: BerValue): string | undefined {
  const name =
    argument.tag === SEQUENCE && argument.class === "universal" ? argument.inside[0] : argument;
  if (name === undefined || name.class !== "context") return undefined;
  if (name.tag === 0) return latin1(name.octets);
  const extended = name.tag === 1 ? name.inside[0] : undefined;
  return extended === undefined ? undefined : latin1(extended.octets);
}

function chargeOf(argument: BerValue): string | undefined {
  const all = flatten(argument);
  const currency = all.map(currencyOf).find((text) => text !== undefined);
  if (currency !== undefined) return currency;
  const units = all.map(unitsOf).find((count) => count !== undefined);
  if (units !== undefined) return `${units} units`;
  if (argument.class === "universal" && argument.tag === NULL) return "charge not available";
  const free = all.some(
    ({ class: of, tag, octets }) => of === "context" && tag === 1 && octets.length === 0,
  );
  return free ? "free of charge" : undefined;
}

/** RecordedCurrency: [1] currency, [2] { [1] amount, [2] multiplier }. */
function currencyOf({ inside }: BerValue): string | undefined {
  const [currency, amount] = inside;
  if (currency?.tag !== 1 || amount?.tag !== 2 || currency.constructed) return undefined;
  const [count, multiplier] = amount.inside.map(berInteger);
  const power = MULTIPLIERS[multiplier ?? -1];
  if (count === undefined || power === undefined) return undefined;
  const digits = Math.max(0, -power);
  return `${(count * 10 ** power).toFixed(digits)} ${latin1(currency.octets)}`;
}

/** RecordedUnitsList: [1] { SEQUENCE { INTEGER units, type }, ... }. */
function unitsOf({ class: of, tag, constructed, inside }: BerValue): number | undefined {
  if (of !== "context" || tag !== 1 || !constructed || inside.length === 0) return undefined;
  let sum = 0;
  for (const entry of inside) {
    const count = entry.inside[0];
    if (entry.tag !== SEQUENCE || count?.tag !== INTEGER) return undefined;
    sum += berInteger(count) ?? 0;
  }
  return sum;
}

function flatten(value: BerValue): readonly BerValue[] {
  return [value, ...value.inside.flatMap(flatten)];
}

const OBJECT_IDENTIFIER = 6;
const CALLING_NAME = 0;
const LONGEST_NAME = 50;

// Q.932 §8.2.3.1: ROSE components and those of networking extensions
const COMPONENTS: Readonly<Record<number, string>> = {
  1: "Invoke",
  2: "Return result",
  3: "Return error",
  4: "Reject",
  10: "Network facility extension",
  11: "Interpretation",
};

/** Decimal powers of EN 300 182-1 Multiplier. */
const MULTIPLIERS: readonly number[] = [-3, -2, -1, 0, 1, 2, 3];

/** aOCSCurrency is a tariff and not a charge; it stays raw. */
const CHARGES: readonly number[] = [33, 34, 35, 36];

// EN 300 182-1 §7.1, EN 300 207-1 §7.1
const PUBLIC_OPERATIONS: Readonly<Record<number, string>> = {
  7: "activationDiversion",
  12: "diversionInformation",
  13: "callDeflection",
  14: "callRerouteing",
  15: "divertingLegInformation2",
  18: "divertingLegInformation1",
  19: "divertingLegInformation3",
  30: "chargingRequest",
  31: "aOCSCurrency",
  32: "aOCSSpecialArr",
  33: "aOCDCurrency",
  34: "aOCDChargingUnit",
  35: "aOCECurrency",
  36: "aOCEChargingUnit",
  37: "identificationOfCharge",
};

// ECMA-164 §6.1
const PRIVATE_OPERATIONS: Readonly<Record<number, string>> = {
  0: "callingName",
  1: "calledName",
  2: "connectedName",
  3: "busyName",
};

// T1.642, GR-1367
const GLOBAL_OPERATIONS: Readonly<Record<string, string>> = {
  "1.2.840.10005.0.4": "informationFollowing",
  "1.2.840.10005.0.8": "initiateTransfer",
};
