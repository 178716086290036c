import type { Diagnostic } from './ruleSet.ts';

/**
 * Every diagnostic there is: its stable code, its severity, what is wrong and what to write instead. `{name}` in a text is filled in.
 * A code is never used again for something else. `docs/diagnostics.md` documents each; `fixtures/rules/` holds a file with each.
 */
export interface DiagnosticSpec {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly hint: string;
}

const error = (what: string, hint: string): DiagnosticSpec => ({ severity: 'error', what, hint });
const warning = (what: string, hint: string): DiagnosticSpec => ({ severity: 'warning', what, hint });

const FILES = {
  'folder-empty': error('There is no typology in this folder.', 'Put each typology into <phase>/<typology>.yaml below it.'),
  'folder-unknown': error('No phase is called {name}.', 'The folders are the phases ({known}), and lists, lexicons, rates and tariffs.'),
  'file-misplaced': error('A rule file cannot lie here.', 'Typologies lie in <phase>/<typology>.yaml, lists in lists/<list>.yaml.'),
  'file-unreadable': error('The file cannot be read ({reason}).', 'Check that it is a plain file, and its permissions.'),
  'file-too-large': error('The file is larger than {limit}.', 'Split it: one typology or one list a file.'),
  'file-not-utf8': error('The file is not valid UTF-8.', 'Save it as UTF-8.'),
  'file-link': error('The file is a link that leads out of the rules folder.', 'Put the file itself here.'),
  'file-name': error('The file is called {file}, what it holds {name}.', 'Give both the same name.'),
  'file-phase': error('The file lies in {folder}, but its phase is {phase}.', 'Move the file, or correct its phase.'),
  'typology-duplicate': error('The typology {name} is also in {other}.', 'Give one of them another name.'),
  'findings-many': error('There are more findings than the first {limit}.', 'Correct those shown, then check again.'),
} as const;

const YAML = {
  'yaml-syntax': error('This is not valid YAML: {reason}.', '{fix}.'),
  'yaml-duplicate-key': error('The key {name} is written twice.', 'Keep one of the two.'),
  'yaml-alias': error('Anchors and aliases (& and *) are not allowed.', 'Write the value out; put a text that starts with & or * into quotes.'),
  'yaml-tag': error('Tags (!) are not allowed.', 'Leave the tag out; put a text that starts with ! into quotes.'),
  'yaml-documents': error('A file holds one document, without directives.', 'Leave out the lines that begin with --- or % .'),
  'yaml-deep': error('The file is nested deeper than {limit} levels.', 'Write it flatter.'),
  'yaml-long': error('The file has more than {limit} parts.', 'Split it: one typology or one list a file.'),
} as const;

const KEYS = {
  'key-unknown': error('There is no key {name} here.', 'The keys here are {known}.'),
  'key-missing': error('The key {name} is missing.', 'Add {name}. {description}.'),
  'key-not-available': error('The key {name} is not available in this version.', 'Leave it out.'),
  'value-empty': error('The value of {name} is empty.', 'Write {expected}.'),
  'value-type': error('{name} must be {expected}, not {found}.', 'Write {write}.'),
  'value-choice': error('{name} cannot be {found}.', 'It is one of {known}.'),
  'value-form': error('{found} is no {expected}.', 'It looks like {example}.'),
  'value-range': error('{name} is {found}; it must be between {min} and {max}.', 'Write a value between {min} and {max}.'),
  'value-characters': error('{name} holds a character that cannot be shown.', 'Leave out control characters and marks of writing direction.'),
  'value-long': error('{name} is longer than {limit}.', 'Shorten it.'),
  'name-reserved': error('{name} has a meaning of its own in the language.', 'Choose another name.'),
  'param-value': error('{name} of the parameter must be {expected}.', 'Write a value such as {example}.'),
  'param-range': error("{name} lies outside of the parameter's min and max.", 'Correct the value or the bounds.'),
  'param-bound': error('A parameter of type {type} has no {name}.', 'Leave {name} out.'),
  'param-unused': warning('The parameter {name} is not used.', 'Use it as params.{name}, or leave it out.'),
  'let-unused': warning('The let {name} is not used.', 'Name it in when, in points, in unless or in the title, or leave it out.'),
  'subject-field': error('{name} cannot be a subject.', 'Use account, party, or a text field such as debtor.account, device, creditor.agent.branch.'),
  'subject-duplicate': error('{name} is twice in the subject.', 'Keep one of the two.'),
  'title-placeholder': error(
    '{name} in the title is no let, no parameter and not subject.',
    'In braces stands subject, the name of a let or the name of a parameter.',
  ),
  'alert-unreachable': error('alert_at is {alertAt}, but base and points reach {reach} at most.', 'Lower alert_at, or raise base or points.'),
  'band-order': error('The bands must rise: {found} does not come after {before}.', 'Order the bands by from, each once.'),
  'band-unreachable': warning('The band begins at {from}, but base and points reach {reach} at most.', 'Lower from, or leave the band out.'),
  'list-empty': warning('The list holds no value, so that nothing is in it.', 'Add values, or leave out what reads it.'),
  'list-duplicate': warning('{name} is twice in the list.', 'Keep one of the two.'),
} as const;

const SYNTAX = {
  'expression-character': error(
    '{found} has no meaning here.',
    'Texts are in quotes, numbers are digits with a point, fields are names such as creditor.country.',
  ),
  'expression-operator': error('{found} is no operator.', 'Write {instead}.'),
  'expression-syntax': error('Expected {expected}, found {found}.', 'Complete or correct the expression at this place.'),
  'expression-deep': error('The expression is nested deeper than {limit} levels.', 'Give parts of it a name under let, or use a list with in.'),
  'expression-long': error('The expression has more than {limit} parts.', 'Give parts of it a name under let, or use a list with in.'),
  'text-open': error('The text is not closed.', 'Close it with {quote}.'),
  'comparison-chained': error('Comparisons cannot be chained.', 'Write two comparisons joined by and.'),
  'number-form': error('{found} is no number.', 'Digits, and a point before decimals: 10000 or 0.8; at most 15 digits before and 9 after the point.'),
  'duration-form': error('{found} is no duration.', 'Whole numbers with the units ms s m h d w and no blanks: 36h, 7d, 1d12h.'),
  'money-large': error('{found} {currency} is more than can be computed with.', 'Write at most {limit} {currency}.'),
  'currency-unknown': error('There is no currency {found}.', 'Write an ISO 4217 code in capitals, such as 950 EUR.'),
  'money-decimals': error('{currency} has {digits} decimals, not more.', 'Leave out the decimals beyond; no point parts thousands.'),
  'not-available': error('{name} is not available in this version.', 'Leave it out, or use {instead}.'),
} as const;

const MEANING = {
  'name-unknown': error('There is no field or let {name}.', 'Name a field of the transaction, or a let defined above.'),
  'param-unknown': error('There is no parameter {name}.', 'Declare it under params.'),
  'list-unknown': error('There is no list {name}.', 'Add it as lists/{name}.yaml, or write the values in place: [a, b].'),
  'function-unknown': error('There is no function {name}.', 'The functions are {known}.'),
  'value-unknown': error('{field} is never {found}.', 'Its values are {known}.'),
  'let-order': error('The let {name} is not defined yet here.', 'A let may read only those above it.'),
  'field-absent': error(
    '{name} is missing in every transaction that a typology sees, since a return is no transaction of its own.',
    'Leave it out; on_return says what happens at a return.',
  ),
  'field-always': warning('{name} is there in every transaction.', 'Leave the question out, or ask for a field that can be missing.'),
  'field-list': error('{name} is a list of things.', 'Ask with any({name}, …) or exists({name}).'),
  'side-unknown': error(
    'With the subject {subject} there are no two sides, so {name} has no meaning.',
    'Use the subject account or party, or name debtor or creditor.',
  ),
  'side-constant': warning('With the subject {subject}, {name} is {value} in every transaction.', 'Leave it out, or use the subject account or party.'),
  'anchor-outside': error('anchor. can stand only inside an aggregate.', "Outside, leave anchor. out: every field is the anchor's there."),
  'anchor-cost': warning('This use of anchor. reads the whole window at every transaction.', 'Correlate as field == anchor.field where you can.'),
  'quotient-cost': warning('The {name} of quotients by a field reads the whole window at every transaction.', 'Divide one sum by another where you can.'),
  'aggregate-window': error('{name} needs a window.', 'Add over and a duration: {name}(…) over 24h.'),
  'aggregate-nested': error('An aggregate cannot stand inside {place}.', 'Give it a name under let, and compare it outside.'),
  'aggregate-argument': error('{name} cannot be taken of {found}.', '{name} takes {expected}.'),
  'let-inside': error('A let cannot be read inside {place}.', 'Write its fields out here, or compare it outside.'),
  'window-type': error('A window is a duration, not {found}.', 'Write a duration such as 24h, or a parameter of type duration.'),
  'window-range': error('A window of {found} is {problem}.', 'Write a window of more than nothing and at most {limit}.'),
  'call-arguments': error('{name} takes {expected}.', 'Write {example}.'),
  'condition-expected': error('Expected a condition, found {found}.', 'Compare it with something.'),
  'condition-value': error('A condition cannot stand here.', 'Write a value; conditions are joined by and, or, not.'),
  'comparison-types': error('{left} cannot be compared with {right}.', 'Compare values of one type.'),
  'comparison-order': error('{type} has no order.', 'Compare with == or !=, or ask with in.'),
  'money-bare': error('Money is compared with a number that has no currency.', 'Write the currency with the number, such as 950 EUR.'),
  'money-currencies': error('The comparison holds amounts in {first} and in {second}.', 'Write all amounts of one comparison in one currency.'),
  'money-product': error('Money cannot be multiplied by money, nor a number divided by it.', 'Multiply by a number, or divide money by money.'),
  'money-original': error("amount.original cannot stand inside an aggregate's argument, since currencies cannot be mixed.", 'Use amount.'),
  'value-large': error('A value here can have more than {limit} bits.', 'Multiply and divide fewer lets by one another.'),
  'arithmetic-types': error('{what} has no meaning.', 'Add and subtract values of one type; multiply and divide by numbers.'),
  'list-expected': error('After in stands a list, not {found}.', 'Write lists.NAME or [a, b].'),
  'list-misplaced': error('A list can stand only after in.', 'Write field in list.'),
  'list-items': error('{found} cannot be looked for in a list.', 'Lists hold texts; compare other values with ==.'),
  'negation-missing': warning('This holds also where {name} is missing.', 'Ask exists({name}) too, or write the comparison the other way round.'),
} as const;

export const DIAGNOSTICS = { ...FILES, ...YAML, ...KEYS, ...SYNTAX, ...MEANING } as const;
export type DiagnosticCode = keyof typeof DIAGNOSTICS;

/** The message and the hint of a code, with what it names filled in. */
export function describe(code: DiagnosticCode, details: Readonly<Record<string, string>>): Pick<Diagnostic, 'severity' | 'message' | 'hint'> {
  const { severity, what, hint } = DIAGNOSTICS[code];
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(details, name) ? details[name]! : whole));
  return { severity, message: fill(what), hint: fill(hint) };
}
