/** Whether this viewer's player tells the server how it plays. Kept in the browser, nowhere else. */

const KEY = "rillcast-quality-reports";

/** Global Privacy Control and Do Not Track; the DOM typings have neither. */
interface PrivacySignals {
  readonly globalPrivacyControl?: boolean;
  readonly doNotTrack?: string | null;
}

/** The browser asks for everybody not to be told of its viewer, whatever he has chosen here. */
export function isAskedNotTo(signals: PrivacySignals = navigator): boolean {
  return signals.globalPrivacyControl === true || signals.doNotTrack === "1";
}

/** Whether the viewer lets it. */
export function mayReport(): boolean {
  if (isAskedNotTo()) return false;
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return false; // a browser that keeps nothing could not keep a refusal either
  }
}

/** Takes the viewer's choice. */
export function setReporting(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Nothing is reported from such a browser; see above.
  }
}
