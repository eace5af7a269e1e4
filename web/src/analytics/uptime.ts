/** How long a show has been on, to read across a room: "0:07:05", "12:00:00". Milliseconds in. */
export function uptimeText(elapsedMs: number): string {
  const all = Math.floor(Math.max(0, elapsedMs) / 1000);
  const two = (count: number): string => String(count).padStart(2, "0");
  return `${Math.floor(all / 3600)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
}
