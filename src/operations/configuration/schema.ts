import { isIP, isIPv6 } from "node:net";
import { z } from "zod";
import { LOG_LEVELS } from "../log.js";
import { codecOverrides, codecs } from "./codecs.js";
import { COUNTRIES } from "./countries.js";

/** The configuration file's schema (docs/configuration.md): every key has a default or a reason. */

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "a name of letters, digits, dot, dash or underscore");
const address = z.string().refine((text) => isIP(text) !== 0, "an IPv4 or IPv6 address");
const ipv6 = z.string().refine((text) => isIPv6(text), "an IPv6 address");
/** Countries whose tones are known, in either case. */
const country = z.string().toUpperCase().pipe(z.enum(COUNTRIES));
const port = z.int().min(0).max(65535);
const milliseconds = z.int().min(0).max(86_400_000);
const seconds = z.int().min(0).max(86_400);
const digits = z.string().regex(/^[0-9*#A-D]{0,32}$/, "digits 0-9, *, #, A-D (at most 32)");
const law = z.enum(["a-law", "mu-law"]);
const causeMap = z.enum(["rfc3398", "seed", "rfc4497"]);
const hunt = z.enum(["lowest", "highest", "cyclic", "longest-idle", "odd-first", "even-first"]);

const sipListener = z.strictObject({
  name,
  transport: z.enum(["udp", "tcp"]),
  address,
  port,
  /** What Via, Contact and SDP show instead of the address (behind a NAT). */
  advertised: z.string().min(1).max(255).optional(),
});

const listen = z.strictObject({
  sip: z
    .array(sipListener)
    .min(1)
    .default([
      { name: "udp", transport: "udp", address: "127.0.0.1", port: 5060 },
      { name: "tcp", transport: "tcp", address: "127.0.0.1", port: 5060 },
    ]),
  rtp: z
    .strictObject({
      address: address.default("127.0.0.1"),
      advertised: address.optional(),
      /** RTP over IPv6 beside IPv4: an offer is answered in its own family (RFC 6157). */
      address6: ipv6.optional(),
      advertised6: ipv6.optional(),
      portMin: z.int().min(1024).max(65534).default(16384),
      portMax: z.int().min(1025).max(65535).default(32767),
    })
    .prefault({}),
  api: z
    .strictObject({ address: address.default("127.0.0.1"), port: port.default(8060) })
    .prefault({}),
});

const callLimits = {
  /** A call is cleared after so long; 0 never. */
  maxCallSeconds: seconds.default(0),
  /** A call is cleared after so long without RTP, never on hold; 0 never (an alarm is raised anyway). */
  rtpSilenceReleaseSeconds: seconds.default(0),
};

const peer = z.strictObject({
  name,
  /** Requests from these addresses are this peer's; any port. */
  addresses: z.array(address).min(1),
  /** Where calls to this peer go. */
  contact: z
    .strictObject({
      host: z.string().min(1).max(255),
      port: port.default(5060),
      transport: z.enum(["udp", "tcp"]).default("udp"),
    })
    .optional(),
  /** Identities and Privacy of a trusted peer are believed and sent (RFC 3325 §5). */
  trusted: z.boolean().default(true),
  reliableProvisional: z.enum(["none", "supported", "required"]).default("supported"),
  /** Over those of all calls and of the trunk group at the call's other side. */
  codecs: codecOverrides.optional(),
  ...callLimits,
});

const span = z.strictObject({
  name,
  kind: z.enum(["e1", "t1"]).default("e1"),
  law: law.optional(),
  driver: z.literal("simulated").default("simulated"),
  /** 16 on E1, 24 on T1 where not given. */
  signallingTimeslot: z.int().min(1).max(31).optional(),
  /** The D channel over UDP, one datagram a frame without FCS, instead of HDLC on the timeslot. */
  signallingUdp: z.strictObject({ address, port, peerAddress: address, peerPort: port }).optional(),
});

const trunkGroup = z.strictObject({
  name,
  signalling: z.enum(["isdn-user", "isdn-network"]).default("isdn-user"),
  profile: z.enum(["etsi", "ni2"]).default("etsi"),
  spans: z.array(name).min(1),
  hunt: hunt.default("lowest"),
  causeMap: causeMap.default("rfc3398"),
  /** Status toward SIP for alerting with in-band information. */
  alertingInBand: z.union([z.literal(180), z.literal(183)]).default(180),
  /** Digits arrive and leave one by one (INFORMATION) and not only en bloc. */
  overlap: z.boolean().default(true),
  /** Tone set for what this side plays on the timeslot. */
  country: country.optional(),
  /** In-band tones after DISCONNECT are heard for at most this long. */
  disconnectToneMs: z.int().min(0).max(30_000).default(20_000),
  /** Timers of Q.931 and Q.921 by name, in milliseconds. */
  timers: z.record(z.string(), milliseconds.min(1)).default({}),
  /** Toward the SIP peer at the call's other side, unless the peer has its own. */
  codecs: codecOverrides.optional(),
  ...callLimits,
});

const nature = z.enum(["unknown", "international", "national", "subscriber"]);

const destination = z
  .strictObject({
    trunkGroup: name.optional(),
    peer: name.optional(),
    strip: z.int().min(0).max(32).default(0),
    prefix: digits.default(""),
    nature: nature.optional(),
    /** The same for the calling number. */
    calling: z
      .strictObject({
        strip: z.int().min(0).max(32).default(0),
        prefix: digits.default(""),
        nature: nature.optional(),
      })
      .optional(),
  })
  .refine((to) => (to.trunkGroup === undefined) !== (to.peer === undefined), {
    message: "exactly one of trunkGroup and peer",
  });

const route = z.strictObject({
  name,
  from: z
    .strictObject({ peers: z.array(name).optional(), trunkGroups: z.array(name).optional() })
    .prefault({}),
  called: digits.default(""),
  calling: digits.default(""),
  to: z.array(destination).min(1),
  /** Q.850 causes that try the next destination. */
  rerouteCauses: z.array(z.int().min(1).max(127)).default([27, 34, 38, 41, 42, 44, 47]),
});

const media = z.strictObject({
  workers: z.int().min(1).max(64).default(1),
  rtpTimeoutMs: milliseconds.default(10_000),
  country: country.default("DE"),
});

const exchange = z.strictObject({
  /** The simulated PSTN at the far end of every simulated span. */
  enabled: z.boolean().default(true),
  ringMs: milliseconds.default(1000),
  overlap: z.boolean().default(false),
});

const log = z.strictObject({
  level: z.enum(LOG_LEVELS).default("warn"),
});

const records = z.strictObject({
  /** The flight recorder's bound for all calls together. */
  recorderMiB: z.int().min(0).max(4096).default(64),
});

export const schema = z.strictObject({
  listen: listen.prefault({}),
  peers: z.array(peer).prefault([
    {
      name: "loopback",
      addresses: ["127.0.0.1", "::1"],
      contact: { host: "127.0.0.1", port: 5080 },
    },
  ]),
  trunkGroups: z.array(trunkGroup).prefault([{ name: "isdn", spans: ["e1-1"] }]),
  spans: z.array(span).prefault([{ name: "e1-1" }]),
  links: z.array(z.never()).default([]),
  routes: z.array(route).prefault([
    { name: "to-pstn", from: { peers: ["loopback"] }, to: [{ trunkGroup: "isdn" }] },
    { name: "to-sip", from: { trunkGroups: ["isdn"] }, to: [{ peer: "loopback" }] },
  ]),
  numbering: z
    .strictObject({
      /** Ours: with it national numbers go out as +CC, and +CC comes in as national (RFC 3398 §12). */
      countryCode: z
        .string()
        .regex(/^[1-9][0-9]{0,2}$/, "one to three digits")
        .optional(),
      /** Nature of numbers of SIP peers without a plus sign. */
      localNature: nature.default("unknown"),
    })
    .prefault({}),
  codecs: codecs.prefault({}),
  media: media.prefault({}),
  exchange: exchange.prefault({}),
  records: records.prefault({}),
  log: log.prefault({}),
  /** SIGTERM waits this long for the calls to end. */
  drainSeconds: seconds.default(30),
});

export type Configuration = z.infer<typeof schema>;
