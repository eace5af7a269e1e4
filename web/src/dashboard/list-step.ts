/**
 * Which entry of a list of `length` an arrow key marks, from `marked` (-1: none). Pure.
 *
 * Beyond either end it goes on at the other.
 */
export function stepIn(length: number, marked: number, by: 1 | -1): number {
  if (length === 0) return -1;
  if (marked < 0) return by === 1 ? 0 : length - 1;
  return (marked + by + length) % length;
}
