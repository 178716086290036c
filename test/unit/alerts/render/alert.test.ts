import { alertLine, parseAlertLine } from '../../../../src/alerts/line.ts';
import type { StoredAlert } from '../../../../src/alerts/queue.ts';
import { renderAlert } from '../../../../src/alerts/render/alert.ts';
import { renderList } from '../../../../src/alerts/render/list.ts';
import type { AlertContent, EvidenceEntry } from '../../../../src/detection/content.ts';
import { contentOf, FINAL_AT_MS, idOf } from '../../../contract/alertsFixtures.ts';

const ID = idOf(0xabc);

function storedOf(content: AlertContent | null, more: Partial<StoredAlert> = {}): StoredAlert {
  return {
    alertId: ID,
    rev: 2,
    op: content === null ? 'retract' : 'update',
    state: content === null ? 'retracted' : 'ready',
    finalAtMs: FINAL_AT_MS,
    content,
    contentDigest: 'sha256:0',
    engineVersion: '0.1.0',
    changed: false,
    changedAfterResolution: false,
    withdrawn: false,
    claim: null,
    resolution: null,
    tries: 0,
    createdAtMs: Date.UTC(2026, 2, 2),
    history: [],
    historyOmitted: 0,
    ...more,
  };
}

function transaction(id: string, value: string, currency: string, role: string, more: Partial<EvidenceEntry> = {}): EvidenceEntry {
  const side = { account: `account-${id}`, country: 'DE' };
  const time = '2026-03-01T09:00:00Z';
  return {
    source: 'bank-a',
    id,
    time,
    kind: 'remittance',
    amount: { value, currency },
    debtor: side,
    creditor: { party: 'W-778', country: 'TR' },
    role,
    place: 't/0/1',
    ...more,
  };
}

const content: AlertContent = {
  ...contentOf(ID, { severity: 'high', score: 80 }),
  title: 'W-778 was sent 1200.50 EUR by 3 payers in 5 days',
  subject: { type: 'creditor.party+creditor.agent.branch', key: ['W-778', 'Izmir 4'] },
  transactions: [
    transaction('a', '400.50', 'EUR', 'payments'),
    transaction('b', '800', 'EUR', 'payments'),
    transaction('c', '1500', 'JPY', 'payments'),
    transaction('d', '0.10', 'EUR', 'anchor', { creditor: {} }),
  ],
  transactionCount: 4,
};

/** One line of text, whatever the table's columns did to it. */
const flat = (text: string): string => text.replace(/[│\s]+/g, ' ');

describe('an alert as an analyst reads it', () => {
  const text = renderAlert(storedOf(content));

  test('says who, what, when, where, why and how, in this order', () => {
    const heads = text.split('\n').filter((line) => /^[A-Z][A-Za-z ]+$/.test(line));
    expect(heads).toEqual([
      'Who',
      'What',
      'When',
      'Where',
      'Why',
      'How',
      'Exceptions that were tested',
      'What the typology does not know',
      'What to do next',
      'In the queue',
      'Sources',
    ]);
    expect(text.startsWith('W-778 was sent 1200.50 EUR by 3 payers in 5 days\nHIGH · score 80 · route: standard\n')).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('names the subject part by part', () => {
    expect(text).toContain('  creditor.party: W-778\n  creditor.agent.branch: Izmir 4\n');
  });

  test('names those who paid and received, the first of many', () => {
    expect(text).toContain('  paying (4): account-a, account-b, account-c, account-d\n  receiving (2): W-778, ?\n');
    const many = Array.from({ length: 40 }, (_, n) => transaction(String(n), '1', 'EUR', 'payments'));
    expect(flat(renderAlert(storedOf({ ...content, transactions: many })))).toContain('paying (40): account-0, account-1');
    expect(flat(renderAlert(storedOf({ ...content, transactions: many })))).toContain('account-11 and 28 more');
  });

  test('shows each reason with its value against its threshold, points and source', () => {
    expect(flat(text)).toContain('payers >= params.many 3 >= 3 80 many (S): "stated"');
  });

  test('lists the transactions with running totals per role and currency', () => {
    const amounts = text.split('\n').flatMap((line) => /│ +(\S+ [A-Z]{3}) +│ +(\S+ [A-Z]{3}) +│/.exec(line)?.slice(1).join(' / ') ?? []);
    expect(amounts).toEqual(['400.50 EUR / 400.50 EUR', '800 EUR / 1200.50 EUR', '1500 JPY / 1500 JPY', '0.10 EUR / 0.10 EUR']);
    expect(text).toContain(
      '  in all 1200.60 EUR and 1500 JPY\n  as payments: 1200.50 EUR in 2 transactions\n  as payments: 1500 JPY in 1 transaction\n  as anchor: 0.10 EUR in 1 transaction\n',
    );
    expect(text).toContain('  DE → TR: 3 transactions\n  DE → ?: 1 transaction\n');
  });

  test('tells exceptions, limits, next steps, sources and what made it', () => {
    expect(text).toContain('  not so: own transfer');
    expect(text).toContain('  - does not see cash\n  - Some transactions give only their date');
    expect(text).toContain('  - Ask for statements');
    expect(text).toContain('  - FATF 2022');
    expect(text).toContain('  rules sha256:00 · engine 0.1.0');
  });

  test('tells who did what, and what became of it', () => {
    const atMs = Date.UTC(2026, 2, 3);
    const told = renderAlert(
      storedOf(content, {
        state: 'resolved',
        tries: 2,
        changedAfterResolution: true,
        resolution: { by: 'ann', disposition: 'reported', reason: 'three payers,\none collector', rev: 1, atMs },
        history: [
          { atMs, by: 'ann', action: 'claim' },
          { atMs, by: 'ann', action: 'resolve', note: 'reported: three payers' },
        ],
        historyOmitted: 3,
      }),
    );
    expect(told).toContain(
      'resolved as reported by ann at 2026-03-03T00:00:00Z, for revision 1 (now it is 2)\n    because: three payers,\n    one collector\n',
    );
    expect(told).toContain('  2026-03-03T00:00:00Z  ann  resolve\n      reported: three payers');
    expect(told).toContain('(3 entries after the first ones are left out)');
    expect(told).toContain('given back 2 times');
    expect(told).toContain('CHANGED AFTER ITS RESOLUTION');
    const held = renderAlert(storedOf(content, { state: 'claimed', changed: true, withdrawn: true, claim: { by: 'bea', token: 'T0KEN', untilMs: atMs } }));
    expect(held).toContain('claimed by bea until 2026-03-03T00:00:00Z');
    expect(held).toContain('CHANGED since it was claimed');
    expect(held).toContain('WITHDRAWN');
    expect(held).not.toContain('T0KEN');
  });

  test('says how much is not listed', () => {
    const cut = renderAlert(
      storedOf({ ...content, truncated: true, transactionCount: 900, hitCount: 700, partialWindow: true, returned: [{ source: 'bank-a', id: 'b' }] }),
    );
    expect(cut).toContain('4 of 900 transactions are listed');
    expect(cut).toContain('  in those listed 1200.60 EUR and 1500 JPY\n');
    expect(cut).toContain('1 of 700 hits are listed');
    expect(cut).toContain('returned: bank-a · b');
    expect(cut).toContain('The window begins before the first record');
  });

  test('reads the same from a line, without what only the queue knows', () => {
    const stored = storedOf(content);
    const fromLine = renderAlert(parseAlertLine(alertLine(stored, stored.engineVersion)));
    expect(text.split('\n').filter((line) => !fromLine.includes(line))).toEqual([
      'Alert 00000000000000000000000000000abc · revision 2 · ready',
      'In the queue',
      '  opened 2026-03-02T00:00:00Z · ready',
    ]);
  });

  test('a retracted one has nothing to tell', () => {
    const line = `Alert ${ID}, revision 2, was retracted: it has no hits any more, and nothing else of it is kept.\n`;
    expect(renderAlert(storedOf(null))).toBe(line);
    expect(renderAlert(parseAlertLine(alertLine(storedOf(null), 'e')))).toBe(line);
  });
});

describe('a person at risk', () => {
  const text = renderAlert(storedOf({ ...content, route: 'person-at-risk' }));

  test('is called a possible victim and never a suspect', () => {
    expect(text).toContain('The payer is a possible victim');
    expect(text).toContain('route: person at risk');
    expect(text).toContain('  paying, possible victims (4): ');
    expect(text).not.toMatch(/suspect|suspic|offender|perpetrator|criminal|launder/i);
  });

  test('is not spoken of where the route is another', () => {
    expect(renderAlert(storedOf(content))).not.toMatch(/victim/i);
  });
});

describe('what data may do to the terminal', () => {
  const evil = '\u001b[31mred\u001b[0m \u009b2J \u0007 \r\n \u202eabc \u200b \u2028 \u{e0041} \ud800 \u007f \u3164\u115f\u2800\u034f\ufe0e';
  const everywhere = JSON.parse(JSON.stringify(content), (_, value) => (typeof value === 'string' ? `${value}${evil}` : value)) as AlertContent;
  const hostile = storedOf(
    { ...everywhere, severity: 'high', route: 'standard', schema: 'alert/1', values: { [`a${evil}`]: evil }, returned: [{ source: evil, id: evil }] },
    {
      claim: { by: evil, token: evil, untilMs: 0 },
      resolution: { by: evil, disposition: 'reported', reason: evil, rev: 1, atMs: 0 },
      history: [{ atMs: 0, by: evil, action: evil, note: evil }],
    },
  );
  const unsafe = /[^\P{Cc}\n]|[\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}|\u2800|\u034f|\u115f|\u3164|\ufe0e/u;

  test('nothing: every control, mark of direction and invisible character is written out', () => {
    for (const text of [renderAlert(hostile), renderList([hostile])]) {
      expect(unsafe.test(text)).toBe(false);
      expect(text).toContain('\\u{1b}');
    }
    expect(unsafe.test(evil)).toBe(true);
  });

  test('names in scripts that need joiners stay whole', () => {
    expect(renderAlert(storedOf({ ...content, title: 'می\u200cخواهم 👩\u200d👧' }))).toContain('می\u200cخواهم 👩\u200d👧');
  });

  test('colours only where asked for', () => {
    expect(renderAlert(storedOf(content))).not.toContain('\u001b');
    expect(renderAlert(storedOf(content), { colour: true })).toContain('\u001b[1m');
    expect(renderList([storedOf(content)])).not.toContain('\u001b');
    expect(renderList([storedOf({ ...content, severity: 'critical' })], { colour: true })).toContain('\u001b[31mcritical    80\u001b[0m');
  });

  test('long texts do not break the table or take for ever', () => {
    const long = 'x'.repeat(100_000);
    const text = renderAlert(storedOf({ ...content, title: long, transactions: content.transactions.map((t) => ({ ...t, id: long })) }));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(260);
  });

  test.each([40, 64, 80, 100, 120])('a terminal of %i columns: tables fit where their figures leave room, and nothing is lost', (columns) => {
    const wide = storedOf({ ...content, transactions: content.transactions.map((t) => ({ ...t, id: 'i'.repeat(30), place: 'topic/1/123456789012345678' })) });
    const text = renderAlert(wide, { columns });
    const [natural, widest] = [renderAlert(wide), Math.max(...text.split('\n').map((line) => line.length))];
    if (columns >= 80) expect(widest).toBeLessThanOrEqual(columns);
    else expect(widest).toBeLessThanOrEqual(80);
    const solid = (s: string): string => [...s.replace(/[│┌┐└┘├┤┬┴┼─\s]/g, '')].sort().join('');
    expect(solid(text)).toBe(solid(natural));
    for (const line of renderList([storedOf(content)], { columns }).split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(columns, 60));
  });

  test('a note in several lines reads as such, and cannot pass for a part of the alert', () => {
    const told = renderAlert(
      storedOf(content, { history: [{ atMs: 0, by: 'ann', action: 'note', note: 'one\r\ntwo\u001b[2J\n\nWhat to do next\n  - nothing' }] }),
    );
    expect(told).toContain('  ann  note\n      one\n      two\\u{1b}[2J\n      \n      What to do next\n');
    expect(told.split('\n').filter((line) => line === 'What to do next')).toHaveLength(1);
  });

  test('an amount that is no number has no total', () => {
    const text = renderAlert(storedOf({ ...content, transactions: [transaction('a', 'NaN', 'EUR', 'payments'), transaction('b', '-1.5', 'EUR', 'payments')] }));
    expect(text).toContain('  as payments: -1.5 EUR in 1 transaction\n');
  });
});

describe('a list', () => {
  const claimed = storedOf(content, { state: 'claimed', changed: true, withdrawn: true, claim: { by: 'ann', token: 't', untilMs: Date.UTC(2026, 2, 3) } });
  const other = storedOf({ ...content, route: 'person-at-risk', title: 'y'.repeat(200) }, { alertId: idOf(2), changedAfterResolution: true });

  test('has each alert in the order given, with weight, state, marks, the whole title and holder', () => {
    expect(renderList([claimed, other]).split('\n')).toEqual([
      `${ID}  high        80  claimed, withdrawn, changed`,
      '  W-778 was sent 1200.50 EUR by 3 payers in 5 days',
      '  dispersed-fan-in · opened 2026-03-02T00:00:00Z · held by ann until 2026-03-03T00:00:00Z',
      `${idOf(2)}  high        80  ready, changed after resolution  PERSON AT RISK`,
      `  ${'y'.repeat(98)}`,
      `  ${'y'.repeat(98)}`,
      `  ${'y'.repeat(4)}`,
      '  dispersed-fan-in · opened 2026-03-02T00:00:00Z',
      '',
    ]);
  });

  test('of nothing says so', () => {
    expect(renderList([])).toBe('No alerts.\n');
  });
});
