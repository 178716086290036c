import { screenOf } from '../../../src/cli/io.ts';

test('colours and columns are those of a terminal, and NO_COLOR or a dumb terminal forbids colours', () => {
  const terminal = { isTTY: true, columns: 90 };
  expect(screenOf(terminal, { TERM: 'xterm' })).toEqual({ colour: true, columns: 90 });
  expect(screenOf(terminal, { TERM: 'xterm', NO_COLOR: '' })).toEqual({ colour: true, columns: 90 });
  expect(screenOf(terminal, { TERM: 'xterm', NO_COLOR: '1' })).toEqual({ colour: false, columns: 90 });
  expect(screenOf(terminal, { TERM: 'dumb' })).toEqual({ colour: false, columns: 90 });
  expect(screenOf({ columns: 90 }, { TERM: 'xterm' })).toEqual({ colour: false, columns: undefined });
});
