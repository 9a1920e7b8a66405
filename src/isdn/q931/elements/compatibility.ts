import { type ByteReader, type ByteWriter, fault, ok, type Result } from "../../../core/index.js";
import {
  CODING_STANDARDS,
  HIGH_LAYERS,
  LAYER_PROTOCOLS,
  TRANSFER_CAPABILITIES,
  TRANSFER_MODES,
  TRANSFER_RATES,
} from "./names.js";
import {
  type ElementRow,
  type Field,
  named,
  reader,
  readGroup,
  writeGroup,
  writer,
} from "./row.js";

/** Octet groups 5, 6 and 7: a protocol, then what extends it (7 bits an entry, without extension bits). */
export interface LayerInformation {
  /** Bits 5 to 1 of the group's first octet. Layer 1: 2 is mu-law, 3 A-law, 1 V.110. */
  readonly protocol: number;
  /** Octets 5a, 5b ... (6a, 7a ...), bits 7 to 1 of each. */
  readonly details?: readonly number[];
}

/** What bearer capability and low layer compatibility have in common (Q.931 §4.5.5, §4.5.19). */
export interface BearerFields {
  /** 0 ITU-T, 1 ISO/IEC, 2 national, 3 network specific. */
  readonly codingStandard: number;
  /** 0 speech, 8 unrestricted, 9 restricted, 16 3.1 kHz audio, 17 unrestricted with tones, 24 video. */
  readonly transferCapability: number;
  /** 0 circuit, 2 packet. */
  readonly transferMode: number;
  /** 16 is 64 kbit/s, 24 multirate (then `multiplier` says how many times). */
  readonly transferRate: number;
  /** Octets 4a and 4b of the 1988 edition, bits 7 to 1. */
  readonly transferDetails?: readonly number[];
  /** Octet 4.1, with rate 24. */
  readonly multiplier?: number;
  readonly layer1?: LayerInformation;
  readonly layer2?: LayerInformation;
  readonly layer3?: LayerInformation;
}

/** Q.931 §4.5.5, 0x04. */
export interface BearerCapability extends BearerFields {
  readonly kind: "bearer-capability";
}

/** Q.931 §4.5.19, 0x7C. */
export interface LowLayerCompatibility extends BearerFields {
  readonly kind: "low-layer-compatibility";
  /** Octet 3a, bits 7 to 1: out-of-band negotiation is bit 7 of it. */
  readonly negotiation?: number;
}

/** Q.931 §4.5.17, 0x7D. */
export interface HighLayerCompatibility {
  readonly kind: "high-layer-compatibility";
  readonly codingStandard: number;
  /** 4: the first (primary or only) characteristics identification. */
  readonly interpretation: number;
  /** 1: high layer protocol profile. */
  readonly presentationMethod: number;
  /** 1 telephony, 4 facsimile group 2/3 ... (table 4-16). */
  readonly characteristics: number;
  /** Octet 4a. */
  readonly extended?: number;
}

/*
 * Octet 3   ext | coding standard (2) | information transfer capability (5)
 * Octet 3a  ext | negotiation indicator | 0 ...                     low layer compatibility only
 * Octet 4   ext | transfer mode (2) | information transfer rate (5)  then 4a, 4b (1988)
 * Octet 4.1 1   | rate multiplier (7)                                with rate 24
 * Octet 5   ext | 0 1 | user information layer 1 protocol (5)        then 5a ... 5d
 * Octet 6   ext | 1 0 | layer 2 protocol (5)                         then 6a, 6b
 * Octet 7   ext | 1 1 | layer 3 protocol (5)                         then 7a, 7b, 7c
 */
function parseBearer(contents: Uint8Array, negotiable: boolean): Result<ParsedBearer> {
  const octets = reader(contents);
  const [first, negotiation, ...excess] = readGroup(octets) ?? [];
  if (first === undefined) return fault(0, "octet 3 missing or without end");
  if (excess.length > 0 || (negotiation !== undefined && !negotiable))
    return fault(1, "more octets 3 than the element has");
  const at = octets.offset;
  const [transfer, ...transferDetails] = readGroup(octets) ?? [];
  if (transfer === undefined) return fault(at, "octet 4 missing or without end");
  const rate = transfer & 0x1f;
  const multiplier = rate === MULTIRATE ? octets.uint8() : undefined;
  if (rate === MULTIRATE && multiplier === undefined) return fault(octets.offset, "no octet 4.1");
  const layers = parseLayers(octets);
  if (!layers.ok) return layers;
  return ok({
    codingStandard: (first >> 5) & 3,
    transferCapability: first & 0x1f,
    ...(negotiation === undefined ? {} : { negotiation }),
    transferMode: (transfer >> 5) & 3,
    transferRate: rate,
    ...(transferDetails.length === 0 ? {} : { transferDetails }),
    ...(multiplier === undefined ? {} : { multiplier: multiplier & 0x7f }),
    ...layers.value,
  });
}

function parseLayers(octets: ByteReader): Result<Layers> {
  let layers: Layers = {};
  let last = 0;
  while (octets.remaining > 0) {
    const at = octets.offset;
    const [head, ...details] = readGroup(octets) ?? [];
    if (head === undefined) return fault(at, "layer information without end");
    const layer = (head >> 5) & 3;
    if (layer <= last) return fault(at, "layers out of order");
    last = layer;
    const information = {
      protocol: head & 0x1f,
      ...(details.length === 0 ? {} : { details }),
    };
    layers = { ...layers, [`layer${layer}`]: information };
  }
  return ok(layers);
}

function printBearer(element: ParsedBearer): Uint8Array {
  const to = writer();
  const first = ((element.codingStandard & 3) << 5) | (element.transferCapability & 0x1f);
  writeGroup(to, element.negotiation === undefined ? [first] : [first, element.negotiation]);
  const rate = element.transferRate & 0x1f;
  writeGroup(to, [((element.transferMode & 3) << 5) | rate, ...(element.transferDetails ?? [])]);
  if (rate === MULTIRATE) to.uint8(0x80 | (element.multiplier ?? 1));
  printLayer(to, 1, element.layer1);
  printLayer(to, 2, element.layer2);
  printLayer(to, 3, element.layer3);
  return to.finish();
}

function printLayer(to: ByteWriter, layer: number, information: LayerInformation | undefined) {
  if (information === undefined) return;
  writeGroup(to, [(layer << 5) | (information.protocol & 0x1f), ...(information.details ?? [])]);
}

function describeBearer(element: ParsedBearer): readonly Field[] {
  const fields: Field[] = [
    { label: "Coding standard", value: named(element.codingStandard, CODING_STANDARDS) },
    {
      label: "Information transfer capability",
      value: named(element.transferCapability, TRANSFER_CAPABILITIES),
    },
    { label: "Transfer mode", value: named(element.transferMode, TRANSFER_MODES) },
    { label: "Information transfer rate", value: named(element.transferRate, TRANSFER_RATES) },
  ];
  if (element.negotiation !== undefined)
    fields.push({ label: "Negotiation", value: String(element.negotiation) });
  if (element.multiplier !== undefined)
    fields.push({ label: "Rate multiplier", value: String(element.multiplier) });
  for (const [index, layer] of [element.layer1, element.layer2, element.layer3].entries()) {
    if (layer === undefined) continue;
    const name = named(layer.protocol, LAYER_PROTOCOLS[index + 1] ?? {});
    const details = layer.details === undefined ? "" : `, then ${layer.details.join(" ")}`;
    fields.push({ label: `User information layer ${index + 1}`, value: name + details });
  }
  return fields;
}

interface Layers {
  readonly layer1?: LayerInformation;
  readonly layer2?: LayerInformation;
  readonly layer3?: LayerInformation;
}
type ParsedBearer = BearerFields & { readonly negotiation?: number };

const MULTIRATE = 24;

const bearerCapability: ElementRow<BearerCapability> = {
  kind: "bearer-capability",
  code: 0x04,
  name: "Bearer capability",
  format: "variable",
  maximum: 10,
  parse: (contents) => {
    const fields = parseBearer(contents, false);
    return fields.ok ? ok({ kind: "bearer-capability", ...fields.value }) : fields;
  },
  print: printBearer,
  describe: describeBearer,
};

const lowLayerCompatibility: ElementRow<LowLayerCompatibility> = {
  kind: "low-layer-compatibility",
  code: 0x7c,
  name: "Low layer compatibility",
  format: "variable",
  maximum: 16,
  accessInformation: true,
  parse: (contents) => {
    const fields = parseBearer(contents, true);
    return fields.ok ? ok({ kind: "low-layer-compatibility", ...fields.value }) : fields;
  },
  print: printBearer,
  describe: describeBearer,
};

/*
 * Octet 3   1   | coding standard (2) | interpretation (3) | presentation method (2)
 * Octet 4   ext | high layer characteristics identification (7)
 * Octet 4a  1   | extended characteristics identification (7)
 */
const highLayerCompatibility: ElementRow<HighLayerCompatibility> = {
  kind: "high-layer-compatibility",
  code: 0x7d,
  name: "High layer compatibility",
  format: "variable",
  maximum: 3,
  accessInformation: true,
  parse: (contents) => {
    const octets = reader(contents);
    const first = octets.uint8();
    if (first === undefined || (first & 0x80) === 0) return fault(0, "octet 3 missing or extended");
    const [characteristics, extended, ...excess] = readGroup(octets) ?? [];
    if (characteristics === undefined) return fault(1, "octet 4 missing or without end");
    if (excess.length > 0 || octets.remaining > 0) return fault(3, "octets after octet 4a");
    return ok({
      kind: "high-layer-compatibility",
      codingStandard: (first >> 5) & 3,
      interpretation: (first >> 2) & 7,
      presentationMethod: first & 3,
      characteristics,
      ...(extended === undefined ? {} : { extended }),
    });
  },
  print: (element) => {
    const { codingStandard, interpretation, presentationMethod, extended } = element;
    const first =
      ((codingStandard & 3) << 5) | ((interpretation & 7) << 2) | (presentationMethod & 3);
    const to = writer().uint8(0x80 | first);
    const { characteristics } = element;
    writeGroup(to, extended === undefined ? [characteristics] : [characteristics, extended]);
    return to.finish();
  },
  describe: (element) => [
    {
      label: "Coding standard",
      value: named(element.codingStandard, CODING_STANDARDS),
      octets: [0, 1],
    },
    {
      label: "Characteristics",
      value: named(element.characteristics, HIGH_LAYERS),
      octets: [1, 2],
    },
    ...(element.extended === undefined
      ? []
      : [{ label: "Extended characteristics", value: String(element.extended) }]),
  ],
};

export const compatibilityRows = [
  bearerCapability,
  lowLayerCompatibility,
  highLayerCompatibility,
] as const;
