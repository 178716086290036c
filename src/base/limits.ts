/** Named limits of what is around the engine. Each says why it is what it is and what happens at it. */

/** Bytes of a configuration file. A longer one is refused: it is another file, given by mistake. */
export const CONFIG_BYTES_MAX = 1 << 20;
/** Bytes of a file that holds a secret or a certificate. A longer one is refused: no key or chain of certificates is larger. */
export const SECRET_BYTES_MAX = 1 << 18;
/** Problems of a configuration that are told at once. The rest shows when these are mended. */
export const CONFIG_PROBLEMS_MAX = 50;

/** Frames of one logged error. The first ones say where it arose. */
export const LOG_FRAMES_MAX = 12;
/** Causes of a logged error, one inside the other. Deeper ones are left out; a circle of causes ends here too. */
export const LOG_CAUSES_MAX = 4;
/** Words that may stand in logs and labels. A further one is shown as `other`: it is not a code but data. */
export const VOCABULARY_MAX = 20_000;

/** Connections of the operator's port. A further one is closed at once: it is for a few scrapers and probes. */
export const HTTP_CONNECTIONS_MAX = 64;
/** Time in which the head of a request must have come. A slower client is answered 408 and closed. */
export const HTTP_HEAD_MS_MAX = 5_000;
/** Time in which a whole request must have come. A slower client is answered 408 and closed. */
export const HTTP_REQUEST_MS_MAX = 10_000;
/** Time for which an idle connection is kept. */
export const HTTP_IDLE_MS_MAX = 15_000;
/** Bytes of a request's head. A longer one is answered 431. */
export const HTTP_HEAD_BYTES_MAX = 8 * 1024;
/** Requests of one connection. After the last one it is closed. */
export const HTTP_REQUESTS_PER_CONNECTION_MAX = 1_000;
/** Time that a readiness check may take. A slower one counts as not ready. */
export const HTTP_CHECK_MS_MAX = 3_000;
/** Series of one metric. A further set of labels is counted under `other`: labels are codes, and codes are few. */
export const METRIC_SERIES_MAX = 2_000;
