/** The countries of codecs/tones/country.c; ITU is the Recommendation's own set (E.180). */
export const COUNTRIES = [
  ...["ITU", "AT", "AU", "BE", "BR", "CA", "CH", "CN", "CZ", "DE", "DK", "ES", "FI", "FR", "GB"],
  ...["GR", "HU", "IE", "IN", "IT", "JP", "MX", "NL", "NO", "NZ", "PL", "PT", "RU", "SE", "TR"],
  ...["US", "ZA"],
] as const;
