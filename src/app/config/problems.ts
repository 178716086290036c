import { EXIT, OperatingError } from '../../base/errors.ts';
import { CONFIG_PROBLEMS_MAX } from '../../base/limits.ts';

/** One thing that is wrong with the configuration. No value of a secret is in it. */
export interface ConfigProblem {
  /** The setting's place, `kafka.tls.ca`, or '' where the whole is meant. */
  readonly key: string;
  /** Where the value was written: `moneytrail.yaml:3:5` or `environment variable KAFKA_TLS_CA`. */
  readonly origin: string;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

export function invalidConfig(problems: readonly ConfigProblem[]): OperatingError {
  const shown = problems.slice(0, CONFIG_PROBLEMS_MAX).map(lineOf);
  const rest = problems.length - shown.length;
  const more = rest > 0 ? [`  … and ${rest} more`] : [];
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new OperatingError('config-invalid', [`The configuration has ${count}:`, ...shown, ...more].join('\n'), { exitStatus: EXIT.wrongUse });
}

const lineOf = ({ key, origin, message, hint }: ConfigProblem): string =>
  `  ${origin}: ${key === '' ? '' : `${key} `}${message}.${hint === undefined ? '' : ` ${hint}`}`;

/** For messages: an error of the file system by its code, which says why and holds no content. */
export const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
