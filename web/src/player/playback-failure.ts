/** Why playback was given up. */
export type PlaybackFailure =
  /** The browser has no decoder. `codecs` are as people call them: "H.265". */
  | { readonly reason: "codec"; readonly codecs: readonly string[] }
  /** Neither Media Source Extensions nor native HLS. */
  | { readonly reason: "no-hls" }
  /** Quick recovery was tried as often as it makes sense. `detail` is for the stats panel and bug reports. */
  | { readonly reason: "broken"; readonly detail: string };

const FAMILIES: readonly (readonly [prefix: RegExp, name: string])[] = [
  [/^avc[13]/, "H.264"],
  [/^(hvc1|hev1|dvh1|dvhe)/, "H.265"],
  [/^av01/, "AV1"],
  [/^vp0?9/, "VP9"],
  [/^mp4a/, "AAC"],
  [/^opus/i, "Opus"],
  [/^flac/i, "FLAC"],
  [/^ac-3/, "AC-3"],
  [/^ec-3/, "E-AC-3"],
];

/** The everyday name of an RFC 6381 codec string; the string itself when it is not known. */
export function codecFamily(codec: string): string {
  return FAMILIES.find(([prefix]) => prefix.test(codec))?.[1] ?? codec;
}

/**
 * The families among RFC 6381 `codecs` that this browser cannot decode.
 *
 * `canDecode` is given a MIME type. A browser without any is answered with every family.
 */
export function undecodable(
  codecs: readonly string[],
  canDecode: (mimeType: string) => boolean,
): string[] {
  const refused = codecs.filter(
    (codec) => !canDecode(`video/mp4; codecs="${codec}"`) && !canDecode(`audio/mp4; codecs="${codec}"`),
  );
  return [...new Set(refused.map(codecFamily))];
}

/** A headline and an advice for a viewer. */
export function failureWords(failure: PlaybackFailure): { title: string; advice: string } {
  switch (failure.reason) {
    case "codec": {
      const names = failure.codecs.length === 0 ? "the show’s format" : failure.codecs.join(" and ");
      return {
        title: `This browser cannot play ${names}`,
        advice: "The show is on air. Try another browser or device that can decode it.",
      };
    }
    case "no-hls":
      return {
        title: "This browser cannot play live video",
        advice: "It has neither Media Source Extensions nor HLS. Try a current version of it.",
      };
    case "broken":
      return {
        title: "Playback stopped working",
        advice: "Several attempts to recover have failed. The next one follows by itself.",
      };
  }
}
