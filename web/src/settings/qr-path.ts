import { encode } from "uqr";

/** A QR code as one SVG path, a unit per module. */
export interface QrPath {
  /** Width and height with the quiet zone. */
  readonly size: number;
  readonly path: string;
}

/** Modules of silence around the code: cameras look for them (ISO/IEC 18004, 9.1). */
const QUIET_ZONE = 4;

/** Draws a text as a QR code. Each run of dark modules in a row is one rectangle. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  let path = "";
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; ) {
      if (row[x] !== true) {
        x += 1;
        continue;
      }
      const from = x;
      while (row[x] === true) x += 1;
      path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  });
  return { size, path };
}
