/** The queue's named limits. What happens at each stands beside it and in docs/queue.md. */

/** Claims that may run out or be released before an alert goes to the dead letters: by then it is not the analyst that is at fault. */
export const TRIES_MAX = 5;
/** Lease of a claim without a length of its own: the time in which one analyst reads one alert, with a margin. */
export const LEASE_MS = 30 * 60_000;
/** A longer lease is refused: a claim that outlives a shift hides the alert from everybody else. */
export const LEASE_MS_MAX = 24 * 3_600_000;
/** Alerts of one claim. More are refused. */
export const CLAIM_COUNT_MAX = 100;
/** Alerts of one page of a list. More are refused; the next page begins after the last one's cursor. */
export const LIST_LIMIT = 100;
export const LIST_LIMIT_MAX = 1000;
/** Leases that one call ends because their time is over, earliest first. The next call goes on with the others. */
export const EXPIRED_MAX = 1000;
/** Entries of who did what on one alert. Beyond, the first ones and the latest are kept and the number of those left out is told. */
export const HISTORY_MAX = 100;
export const HISTORY_FIRST = 20;
/** Characters of a name. Longer ones are refused. */
export const NAME_LENGTH_MAX = 100;
/** Characters of a note or reason. Longer ones are refused. */
export const NOTE_LENGTH_MAX = 2000;
/** Lines of the firehose. The oldest go first; Redis may keep some hundred more. At 5 KB a line, which an alert of four transactions takes, some 500 MB. */
export const FIREHOSE_LENGTH = 100_000;
/** Lines of one read of the firehose. */
export const FIREHOSE_COUNT_MAX = 1000;
