import type { HlsConfig } from "hls.js";

/**
 * hls.js as a viewer of one to two seconds needs it.
 *
 * Target latency is the playlist's own PART-HOLD-BACK, which the server derives from its parts.
 */
export const HLS_SETTINGS: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // Fragmented MP4 is passed on as it is; a worker would only add a copy and a hop.
  enableWorker: false,
  // Its catch-up needs a second of buffer that low latency never has; rate-controller.ts steers.
  maxLiveSyncPlaybackRate: 1,
  // The default adds a whole second of latency for each stall.
  liveSyncOnStallIncrease: 0.3,
  // Audio holes of a few samples at a discontinuity are stepped over at once.
  maxBufferHole: 0.15,
  backBufferLength: 30,
  maxBufferLength: 20,
  liveDurationInfinity: true,
  // Starts at the picture the streamer sends; the estimate adapts within seconds.
  abrEwmaDefaultEstimate: 6_000_000,
  abrEwmaDefaultEstimateMax: 12_000_000,
  testBandwidth: false,
  capLevelToPlayerSize: true,
  // Nothing of these is in the playlists, and their controllers cost time per playlist.
  enableWebVTT: false,
  enableIMSC1: false,
  enableCEA708Captions: false,
  enableID3MetadataCues: false,
  enableEmsgMetadataCues: false,
  enableInterstitialPlayback: false,
  manifestLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 10_000,
      maxLoadTimeMs: 15_000,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: 6, retryDelayMs: 400, maxRetryDelayMs: 3_000 },
    },
  },
  playlistLoadPolicy: {
    default: {
      // The server answers a blocked playlist request within 9 s, with 503 if nothing came.
      maxTimeToFirstByteMs: 10_000,
      maxLoadTimeMs: 15_000,
      timeoutRetry: { maxNumRetry: 3, retryDelayMs: 0, maxRetryDelayMs: 0 },
      // A streamer who lost the connection has a minute or more to return.
      errorRetry: { maxNumRetry: 12, retryDelayMs: 300, maxRetryDelayMs: 2_000 },
    },
  },
  fragLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 10_000,
      maxLoadTimeMs: 60_000,
      timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
      // By default the waits double from one second: a server that is back within three would be
      // seen after seven.
      errorRetry: { maxNumRetry: 12, retryDelayMs: 300, maxRetryDelayMs: 2_000 },
    },
  },
};

/**
 * CMCD (CTA-5004): what the player says with each request.
 *
 * In header fields, for caches between us and the server know answers by their address. Without the
 * keys that would tell one viewer from another.
 */
export const SAID_WITH_REQUESTS: NonNullable<HlsConfig["cmcd"]> = {
  useHeaders: true,
  includeKeys: ["bl", "br", "bs", "mtp", "ot", "su"],
};
