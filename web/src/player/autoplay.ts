/** How playing began, or did not. */
export type AutoplayOutcome =
  | "playing"
  /** The browser lets nothing sound before a gesture; it plays without sound. */
  | "muted"
  /** Not even that: the viewer has to press play. */
  | "blocked"
  /** The source changed meanwhile; somebody else is starting it. */
  | "superseded";

/** Starts a media element with sound if the browser allows it, else without. Never rejects. */
export async function startPlaying(media: HTMLMediaElement): Promise<AutoplayOutcome> {
  const withSound = await attempt(media);
  if (withSound !== "blocked" || media.muted) return withSound;
  media.muted = true;
  const withoutSound = await attempt(media);
  if (withoutSound === "playing") return "muted";
  media.muted = false;
  return withoutSound;
}

async function attempt(media: HTMLMediaElement): Promise<"playing" | "blocked" | "superseded"> {
  try {
    await media.play();
    return "playing";
  } catch (error) {
    // HTML standard, play(): NotAllowedError is the autoplay policy, AbortError another load.
    const isPolicy = error instanceof DOMException && error.name === "NotAllowedError";
    return isPolicy ? "blocked" : "superseded";
  }
}
