import { SEVERITIES } from '../ast.ts';
import { choice, duration, expression, formed, later, list, named, object, oneOrList, optional, required, type Shape, text, whole } from './shapes.ts';

export const PHASES = ['recruitment', 'payment-collection', 'logistics', 'enablers', 'layering', 'integration', 'exploitation', 'network'] as const;
export const STATUSES = ['draft', 'trial', 'active', 'retired'] as const;
export const PARAM_TYPES = ['ratio', 'number', 'count', 'money', 'duration', 'text', 'country'] as const;
export type ParamType = (typeof PARAM_TYPES)[number];
export const LETS_MAX = 64;
export const PARAMS_MAX = 64;

const WORDS_MAX = 2000;
const because = text(500);

const inKebabCase = (found: string): string =>
  found
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
const inThreeParts = (found: string): string => [...found.replace(/^v/i, '').split('.'), '0', '0'].slice(0, 3).join('.');
const inSnakeCase = (found: string): string =>
  found
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

export const PARAM = object({
  type: required(choice(PARAM_TYPES), 'What the value is'),
  default: required(expression('a value of the type'), 'The value that is used'),
  min: optional(expression('a value of the type'), 'Least value that makes sense'),
  max: optional(expression('a value of the type'), 'Greatest value that makes sense'),
  reason: required(text(WORDS_MAX), 'Why this value; it is shown on the alert'),
  basis: required(choice(['S', 'D', 'E'] as const), 'S stated by a source, D derived from sources, E set by us'),
});

export const SCORE = object({
  base: required(whole(0, 1000), 'Points of a transaction at which when holds'),
  add: optional(
    list(
      object({
        points: required(whole(-1000, 1000), 'Points added where the condition holds; a negative number takes away'),
        when: required(expression('a condition'), 'Condition at the transaction in hand'),
        because: required(because, 'The reason in words; it is shown on the alert'),
      }),
      32,
    ),
    'Points that further conditions add',
  ),
  alert_at: required(whole(0, 10_000), 'Score from which there is an alert'),
  severity: optional(
    list(
      object({
        from: required(whole(0, 10_000), 'Score from which the severity holds'),
        severity: required(choice(SEVERITIES), 'Severity from this score on'),
      }),
      8,
    ),
    "Severity by score, rising; below the first band the typology's own severity holds",
  ),
});

/** The keys of a typology file: one table for the reader, the schema of editors and the reference. */
export const TYPOLOGY = object({
  typology: required(
    formed('a name in kebab-case', /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,15}$/, 'rapid-pass-through', inKebabCase),
    'Name of the typology, never changed, equal to the name of the file',
  ),
  version: required(
    formed('a version', /^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})$/, '2.1.0', inThreeParts),
    'Version: the last number for words, the middle one for values, the first one for subject, windows, period or meaning',
  ),
  title: required(text(200), 'What the typology finds, in one line'),
  phase: required(choice(PHASES), 'Phase of the smuggling business, equal to the name of the folder'),
  status: required(choice(STATUSES), 'draft, trial (scored, never alerts), active, or retired'),
  severity: required(choice(SEVERITIES), 'Severity of its alerts'),
  sources: required(
    list(
      object({
        document: required(text(500), 'The document, with its year'),
        grade: required(formed('a grade', /^[A-Z](?:\/[A-Z])?$/, 'A'), 'How far it can be relied on, A best'),
      }),
      32,
      1,
    ),
    'Where the pattern is described',
  ),
  amltrix: optional(list(formed('an AMLTRIX code', /^[A-Z]{1,4}\d{2,6}(?:\.\d{1,4})?$/, 'T0059'), 32), 'Techniques of the AMLTRIX catalogue'),
  limits: optional(list(text(500), 32), 'What the typology cannot know; it is shown on the alert'),
  params: optional(named(PARAM, PARAMS_MAX), 'The numbers of the typology, each with its reason; read as params.NAME'),
  subject: required(
    oneOrList(formed('a subject', /^[A-Za-z]+(?:\.[A-Za-z]+)*$/, 'account'), 6),
    'Whose history is looked at: account, party, or text fields; a list makes a composite key',
  ),
  where: optional(expression('a condition'), 'Which transactions the typology sees at all'),
  let: optional(named(expression('an expression'), LETS_MAX), 'Values with a name, in the order in which they build on each other'),
  when: required(expression('a condition'), 'The condition asked at each transaction'),
  score: optional(SCORE, 'Points, and the score from which there is an alert'),
  unless: optional(
    list(
      object({
        when: required(expression('a condition'), 'Condition under which there is no alert'),
        because: required(because, 'The reason in words; it is shown on the alert'),
      }),
      32,
    ),
    'Exceptions: reasons not to alert',
  ),
  alert: required(
    object({
      title: required(text(300), 'Title of the alert; {subject}, {LET} and {PARAMETER} are filled in'),
      period: required(duration('1h', '31d'), 'Hits of one key in one such period are one alert, 1h to 31d'),
      route: optional(
        choice(['standard', 'person-at-risk'] as const),
        'person-at-risk where the payer may be a victim: a queue of its own; standard unless given',
      ),
      next: optional(list(text(500), 16), 'What the analyst does next'),
    }),
    'What the analyst gets',
  ),
  on_return: optional(choice(['exclude', 'keep'] as const), 'A transaction that was given back is left out (exclude, unless given) or kept and marked'),
  signal: later("Tells another key's history of a hit"),
});

/** A typology file as it was read, each value with its place. */
export type TypologyFile = typeof TYPOLOGY extends Shape<infer T> ? T : never;

/** The keys of a list file. */
export const LIST = object({
  list: required(
    formed('a name in snake_case', /^[a-z][a-z0-9_]{0,62}$/, 'corridor_hubs', inSnakeCase),
    'Name of the list, equal to the name of the file; read as lists.NAME',
  ),
  source: required(text(500), 'Where the values come from'),
  owner: required(text(200), 'Who keeps the list'),
  reviewed: required(formed('a date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, '2026-03-01'), 'Day of the last review'),
  values: required(list(text(4096), 20_000), 'The values, compared letter for letter'),
});
