/** Words of charts. */

export const chartTexts = {
  asTable: "Show as table",
  asChart: "Show as chart",
  csv: "Download CSV",
  csvOf: (name: string): string => `Download CSV: ${name}`,
  asTableOf: (name: string): string => `Show as table: ${name}`,
  asChartOf: (name: string): string => `Show as chart: ${name}`,
  notRead: "Not read yet",
  wholeRange: "Whole range",
  series: "Shown in the chart",
  empty: "There is nothing to draw yet.",
  loadFailed: "The chart could not be drawn. Its table is below.",
  nothing: "–",
  time: "Time",
  day: "Day",
  place: "Into the broadcast",
  span: (first: string, last: string): string => `From ${first} to ${last}.`,
  range: (label: string, least: string, most: string): string => `${label}: ${least} to ${most}.`,
  rangeOfNothing: (label: string): string => `${label}: nothing measured.`,
  keys: "Arrow keys read the values one by one; plus and minus zoom.",
  rows: (first: number, last: number, all: number): string =>
    `Rows ${first.toLocaleString("en")} to ${last.toLocaleString("en")} of ${all.toLocaleString("en")}`,
  earlierRows: "Earlier rows",
  laterRows: "Later rows",
} as const;
