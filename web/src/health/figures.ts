/** What was measured, as words and numbers for people. Pure. */

import type { IngestReport } from "../api/health-names.js";
import { healthTexts } from "../texts/stream-health.js";

export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** "2.5 Mbit/s", "640 kbit/s". Bits a second in. */
export function bitrateText(bps: number): string {
  if (bps >= 1_000_000) return `${(bps / 1_000_000).toFixed(1)} Mbit/s`;
  return `${Math.round(bps / 1000)} kbit/s`;
}

/** "30", "29.97": two digits at most. */
export function rateText(rate: number): string {
  return String(Math.round(rate * 100) / 100);
}

/** "2", "1.5": seconds with a digit where there is one to show. */
export function secondsText(seconds: number): string {
  return String(Math.round(seconds * 10) / 10);
}

/** "1920 × 1080 at 30, H.264 High"; null without a picture. */
export function pictureText({ video }: IngestReport): string | null {
  if (video === null) return null;
  const rate = video.frameRate ?? video.nominalFrameRate;
  const size = `${video.widthPx} × ${video.heightPx}${rate === null ? "" : ` at ${rateText(Math.round(rate * 10) / 10)}`}`;
  const profile = video.profile === null ? "" : ` ${video.profile}`;
  return `${size}, ${video.codec}${profile}${video.isHdr ? ", HDR" : ""}`;
}

/** "AAC, 48 kHz, stereo, 160 kbit/s"; null without sound. */
export function soundText({ audio }: IngestReport): string | null {
  if (audio === null) return null;
  const channels =
    audio.channelCount === 1 ? "mono" : audio.channelCount === 2 ? "stereo" : `${audio.channelCount} channels`;
  const rate = `${rateText(audio.sampleRateHz / 1000)} kHz`;
  return [audio.codec, rate, channels, bitrateText(audio.meanBitrateBps)].join(", ");
}

/** The figures that change from second to second. */
export function liveFigures(report: IngestReport): readonly Figure[] {
  const { video, audio, arrival } = report;
  const bps = (video?.bitrateBps ?? 0) + (audio?.bitrateBps ?? 0);
  const interval = video?.keyframeIntervalS ?? null;
  return [
    { name: healthTexts.bitrate, value: bps === 0 ? healthTexts.unknown : bitrateText(bps) },
    ...(video === null
      ? []
      : [
          {
            name: healthTexts.frameRate,
            value: video.frameRate === null ? healthTexts.unknown : rateText(Math.round(video.frameRate * 10) / 10),
          },
          {
            name: healthTexts.keyframes,
            value: interval === null ? healthTexts.unknown : `${secondsText(interval)} s`,
          },
        ]),
    {
      name: healthTexts.jitter,
      value: arrival.jitterP95Ms === null ? healthTexts.unknown : `${arrival.jitterP95Ms} ms`,
    },
  ];
}

/** The figures of a whole broadcast or test. */
export function summaryFigures(report: IngestReport): readonly Figure[] {
  const { video, audio } = report;
  const bps = (video?.meanBitrateBps ?? 0) + (audio?.meanBitrateBps ?? 0);
  const interval = video?.keyframeIntervalS ?? null;
  const picture = pictureText(report);
  const sound = soundText(report);
  return [
    ...(picture === null ? [] : [{ name: healthTexts.picture, value: picture }]),
    ...(sound === null ? [] : [{ name: healthTexts.sound, value: sound }]),
    ...(bps === 0 ? [] : [{ name: healthTexts.bitrate, value: bitrateText(bps) }]),
    ...(interval === null ? [] : [{ name: healthTexts.keyframes, value: `${secondsText(interval)} s` }]),
    ...(report.arrival.jitterP95Ms === null
      ? []
      : [{ name: healthTexts.jitter, value: `${report.arrival.jitterP95Ms} ms` }]),
    ...(video === null || video.droppedFrames === 0
      ? []
      : [{ name: healthTexts.dropped, value: video.droppedFrames.toLocaleString("en") }]),
    ...(report.reconnectCount === 0
      ? []
      : [{ name: healthTexts.reconnects, value: report.reconnectCount.toLocaleString("en") }]),
  ];
}
