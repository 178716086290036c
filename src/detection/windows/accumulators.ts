import type { AggregateName } from '../../typologies/ast.ts';
import { type Accumulator, Counted, Distinct, Extreme, Summed } from './accumulator.ts';
import { PassedThrough } from './passedThrough.ts';

export function accumulatorOf(name: AggregateName): Accumulator {
  switch (name) {
    case 'count':
      return new Counted();
    case 'sum':
      return new Summed(false);
    case 'avg':
      return new Summed(true);
    case 'min':
      return new Extreme(1);
    case 'max':
      return new Extreme(-1);
    case 'distinct':
      return new Distinct();
    case 'passed_through':
      return new PassedThrough();
  }
}
