import { render, waitFor } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { mock, resetMock } from './mock';
import { storeFirst, useChartOnScreen } from './onScreen';

function Chart({ patientId }: { patientId: string }) {
  useChartOnScreen(patientId, 1);
  return null;
}

const shown = () => mock.calls.filter((call) => call.command === 'chartShow').map((call) => call.request);

beforeEach(() => resetMock('physician'));

it('says that another chart is shown when what was typed in the last one is stored, or has failed', async () => {
  const view = render(<Chart patientId="p0" />);
  await waitFor(() => expect(shown()).toEqual([{ patientId: 'p0' }]));
  let fail: (error: Error) => void = () => undefined;
  storeFirst(new Promise((_, refuse) => (fail = refuse)));
  view.rerender(<Chart patientId="p1" />);
  await new Promise((done) => setTimeout(done, 100));
  expect(shown()).toEqual([{ patientId: 'p0' }]);
  fail(new Error('the disk is full'));
  await waitFor(() => expect(shown().at(-1)).toEqual({ patientId: 'p1' }));
});

it('does not wait for what hangs', async () => {
  storeFirst(new Promise(() => undefined));
  render(<Chart patientId="p2" />);
  await waitFor(() => expect(shown()).toEqual([{ patientId: 'p2' }]), { timeout: 4_000 });
});
