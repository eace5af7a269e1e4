import type { ChartModel } from "./chart-model.js";
import { markerTexts } from "./chart-model.js";

/** What spreadsheets take for a formula when a field begins with it. */
const FORMULA = /^\s|^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
/** Where decimals have commas, they cut lines at these, within a field as well. */
const SEPARATED = /(;|(?<!^)\t)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * A chart as comma-separated values (RFC 4180): UTC times, or seconds into the broadcast; raw values.
 *
 * Nothing that people have written is run by a spreadsheet.
 */
export function csvOf(model: ChartModel): string {
  const { timeKind, times, series, markers = [], markersLabel = "" } = model;
  const happened = markers.length === 0 ? null : markerTexts(model);
  const timeHeading = timeKind === "span" ? "seconds" : "time";
  const head = [timeHeading, ...series.map(({ label }) => label)];
  if (happened !== null) head.push(markersLabel);
  const lines = [head.map(field).join(",")];
  times.forEach((time, index) => {
    const cells = [
      timeKind === "span" ? String(time / 1000) : new Date(time).toISOString(),
      ...series.map(({ values }) => String(values[index] ?? "")),
    ];
    if (happened !== null) cells.push(field(happened[index] ?? ""));
    lines.push(cells.join(","));
  });
  return `${lines.join("\r\n")}\r\n`;
}

/** A text as one field. */
function field(text: string): string {
  const split = text.replaceAll(SEPARATED, "$1'");
  const plain = FORMULA.test(split) ? `'${split}` : split;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Hands a text to the browser as a file to keep. */
export function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  // The browser has begun to read by then.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
