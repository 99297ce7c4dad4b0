import { expect, it } from 'vitest';
import { stacksBelow } from './column';

const of = (...widths: string[]) => widths.map((width) => ({ width }));

it('stacks rows only where their columns no longer fit', () => {
  expect(stacksBelow(of('minmax(0, 1fr)', '100px'))).toBe(480);
  expect(stacksBelow(of('minmax(120px, 3fr)', 'minmax(64px, 1fr)', '200px', '140px'))).toBe(640);
  expect(stacksBelow(of('500px', '500px')), 'the last step for whatever is wider').toBe(760);
});
