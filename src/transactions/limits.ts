/** Limits of one record. Each has its own reason code; at a limit the record is refused, never cut. */
export const LIMITS = {
  /** Bytes of one record: no bank's message needs more, and a queue of thousands of them still fits in memory. */
  recordBytesMax: 256 * 1024,
  /** Objects and arrays inside each other, the record itself included. The model needs 3. */
  depthMax: 16,
  /** Characters (Unicode code points) of `id`, `source`, accounts and parties: they are kept for as long as a history is. */
  keyCharactersMax: 128,
  /** Characters of every other text. */
  textCharactersMax: 4096,
  /** Members of `items`. */
  itemsMax: 100,
  /** Greatest `travel.passengers`: more than any vehicle carries. */
  passengersMax: 10_000,
  /** Greatest `quantity` of an item. */
  quantityMax: 1e12,
  /** Greatest amount in minor units: sums of nine thousand of them are still exact as doubles. */
  amountMinorMax: 1e12,
  /** First and last instant of `time` and `receivedAt`: the years 1990 to 2100, in UTC, both included. */
  timeMsMin: Date.UTC(1990, 0, 1),
  timeMsMax: Date.UTC(2101, 0, 1) - 1,
} as const;

/** Whether a text has from `min` to `max` Unicode code points. */
export function withinCharacters(text: string, min: number, max: number): boolean {
  if (text.length < min) return false;
  if (text.length <= max) return true;
  if (text.length > 2 * max) return false;
  let characters = 0;
  for (const _ of text) characters++;
  return characters <= max;
}
