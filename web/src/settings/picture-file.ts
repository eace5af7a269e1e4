import { profileTexts } from "../texts/settings.js";

const KINDS: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp", "image/gif"]);
const BYTES_MAX = 5 * 1024 * 1024;

/** What keeps a file from being sent as a picture; null if nothing does. The server looks closer. */
export function pictureFault(kind: string, sizeBytes: number): string | null {
  if (!KINDS.has(kind)) return profileTexts.pictureKind;
  return sizeBytes > BYTES_MAX ? profileTexts.pictureTooLarge : null;
}
