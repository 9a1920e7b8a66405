import type { Bearer, Law, Setup } from "../../call/index.js";
import { channelElement, extrasElements, extrasOf } from "./call-elements.js";
import type { CallParams, HeldChannel } from "./call-state.js";
import { divertingLeg } from "./diversion.js";
import type { Element, ElementKind } from "./elements/element.js";
import type { FacilityElement } from "./elements/text.js";
import { element, elements, type Message, type Profile } from "./message.js";
import {
  bearerElement,
  contentsOf,
  elementOfContents,
  neutralBearer,
  numberFields,
  partyNumber,
  presentedFields,
  presentedNumber,
  redirection,
  redirectionElements,
} from "./neutral.js";
import { callingName, callingNameFacility } from "./rose.js";

/** SETUP to and from the neutral call (Q.931 §3.1.14). */

/** The elements of our SETUP. Without a channel any will do, which only a user may say (§5.1.2). */
export function setupElements(
  setup: Setup,
  channel: HeldChannel | undefined,
  params: CallParams,
  law: Law,
): readonly Element[] {
  const { profile } = params;
  const complete = setup.sendingComplete && profile.sendingComplete;
  return [
    ...(complete ? [{ kind: "sending-complete" } as const] : []),
    bearerElement(onSpan(setup.bearer, law)),
    channelElement(channel, params),
    ...nameElements(setup, params),
    ...callingElements(setup, params),
    ...calledElements(setup),
    ...diversionElements(setup, profile.name),
    ...transitElements(setup, params),
    ...contents("low-layer-compatibility", setup.lowLayer),
    ...contents("high-layer-compatibility", setup.highLayer),
  ];
}

/** What is spoken is coded in the span's law on this span, whatever it was before (§4.5.5). */
function onSpan(bearer: Bearer, law: Law): Bearer {
  return bearer.kind === "unrestricted-64k" ? bearer : { ...bearer, law };
}

/** The name of the calling party: in Display from a network, in NI-2's Facility both ways. */
function nameElements(setup: Setup, params: CallParams): readonly Element[] {
  const { callingName: given, display, ...extras } = setup;
  // T1.641: a name is shown as the number is.
  const name = setup.calling?.presentation === "restricted" ? undefined : given;
  const byFacility = params.profile.names === "facility" && name !== undefined;
  const isTold = handedOn(setup).some((element) => callingName(element) !== undefined);
  const shown = byFacility ? display : (name ?? display);
  return [
    ...(byFacility && !isTold ? [callingNameFacility(name, NAME_INVOCATION)] : []),
    ...extrasElements(shown === undefined ? extras : { ...extras, display: shown }, params),
  ];
}

/** What was read of a Facility that is handed on is in it still: it is not said twice. */
function diversionElements(setup: Setup, profile: Profile): readonly Element[] {
  const { redirection: of } = setup;
  const made = of === undefined ? [] : redirectionElements(of, profile);
  const isTold = handedOn(setup).some((element) => divertingLeg(element) !== undefined);
  return isTold ? made.filter(({ kind }) => kind !== "facility") : made;
}

function handedOn({ facility = [] }: Setup): readonly FacilityElement[] {
  return facility.flatMap((contents) => elementOfContents("facility", contents) ?? []);
}

/** EN 300 092-1 §9.3.1: a second calling party number goes from the network to the user only. */
function callingElements(
  { calling, callingAdditional }: Setup,
  { side }: CallParams,
): readonly Element[] {
  const numbers = side === "network" ? [calling, callingAdditional] : [calling];
  return numbers.flatMap((number) =>
    number === undefined
      ? []
      : [
          { kind: "calling-party-number", ...presentedFields(number) } as const,
          ...contents("calling-party-subaddress", number.subaddress),
        ],
  );
}

function calledElements({ called, calledSubaddress }: Setup): readonly Element[] {
  return [
    { kind: "called-party-number", ...numberFields(called) },
    ...contents("called-party-subaddress", calledSubaddress),
  ];
}

/** Transit network selection goes from user to network only (table 3-16). */
function transitElements({ transitNetwork }: Setup, { side }: CallParams): readonly Element[] {
  if (transitNetwork === undefined || side === "network") return [];
  // §4.5.29: a national network, by its carrier identification code.
  return [{ kind: "transit-network-selection", networkType: 2, plan: 1, network: transitNetwork }];
}

function contents<Kind extends ElementKind>(
  kind: Kind,
  octets: Uint8Array | undefined,
): readonly Element[] {
  const made = octets === undefined ? undefined : elementOfContents(kind, octets);
  return made === undefined ? [] : [made];
}

/** The bearer of a SETUP; undefined when it is one that we cannot carry. */
export function bearerOf(message: Message, law: Law): Bearer | undefined {
  const found = element(message, "bearer-capability");
  return found === undefined ? undefined : neutralBearer(found, law);
}

/** What a SETUP says. `overlap`: where the profile lets the number grow (§5.1.1, §5.2.1). */
export function setupOf(message: Message, bearer: Bearer, overlap: boolean): Setup {
  const called = element(message, "called-party-number");
  const [calling, callingAdditional] = elements(message, "calling-party-number").filter(
    // Switches send an empty number for one that they do not have.
    ({ digits, presentation = 0 }) => digits !== "" || presentation !== 0,
  );
  const [from] = elements(message, "calling-party-subaddress");
  const { display, ...extras } = extrasOf(message);
  const name = elements(message, "facility").map(callingName).find(isText) ?? display;
  const transit = element(message, "transit-network-selection")?.network;
  return {
    kind: "setup",
    ...extras,
    // §5.1.1: an en bloc number may come as keypad digits too.
    called: partyNumber(
      called ?? {
        typeOfNumber: 0,
        plan: 0,
        digits: element(message, "keypad-facility")?.digits ?? "",
      },
    ),
    ...octetsOf(message, "called-party-subaddress", "calledSubaddress"),
    sendingComplete: !overlap,
    ...(calling === undefined
      ? {}
      : { calling: presentedNumber(calling, from === undefined ? undefined : contentsOf(from)) }),
    ...(callingAdditional === undefined
      ? {}
      : { callingAdditional: presentedNumber(callingAdditional) }),
    ...(name === undefined ? {} : { callingName: name }),
    ...(display === undefined || display === name ? {} : { display }),
    ...withRedirection(message),
    bearer,
    ...octetsOf(message, "high-layer-compatibility", "highLayer"),
    ...octetsOf(message, "low-layer-compatibility", "lowLayer"),
    ...(transit === undefined ? {} : { transitNetwork: transit }),
  };
}

function withRedirection(message: Message): Pick<Setup, "redirection"> {
  const found = redirection(message);
  return found === undefined ? {} : { redirection: found };
}

function octetsOf<Name extends "calledSubaddress" | "highLayer" | "lowLayer">(
  message: Message,
  kind: ElementKind,
  name: Name,
): { readonly [N in Name]?: Uint8Array } {
  const found = element(message, kind);
  return (found === undefined ? {} : { [name]: contentsOf(found) }) as {
    readonly [N in Name]?: Uint8Array;
  };
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}

/** One invocation in a SETUP; its answer is not awaited. */
const NAME_INVOCATION = 1;
