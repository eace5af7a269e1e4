import type { SeriesColour } from "./chart-model.js";

/** The theme's colours and font, for what is drawn instead of styled. */
export interface ChartPalette {
  /** Of each series, as `#rrggbb`. */
  readonly series: Readonly<Record<SeriesColour, string>>;
  readonly text: string;
  readonly line: string;
  readonly marker: string;
  readonly ground: string;
  readonly font: string;
}

/** Reads the theme as it is at an element now. */
export function paletteOf(element: Element): ChartPalette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    series: {
      1: token("--series-1"),
      2: token("--series-2"),
      3: token("--series-3"),
      4: token("--series-4"),
      5: token("--series-5"),
      6: token("--series-6"),
    },
    text: token("--text-muted"),
    line: token("--line"),
    marker: token("--line-strong"),
    ground: token("--surface"),
    font: `12px ${style.fontFamily}`,
  };
}

/** The same colour, so thin that lines behind it are seen. */
export function thin(colour: string): string {
  return `${colour}2b`;
}
