import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { sections } from '@/api/mockChart';
import type { Section } from '@/api/types';
import { sectionWords } from '@/lib/words';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from './ChartPage';

function Chart({ first }: { first: Section }) {
  const [section, setSection] = useState(first);
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

async function open(first: Section) {
  renderScreen(<Chart first={first} />);
  await screen.findByRole('region', { name: 'Patient' });
  return userEvent.setup();
}

beforeEach(() => resetMock('physician'));

describe('the chart', () => {
  describe.each(['light', 'dark'])('in %s', (scheme) => {
    it.each(sections)('%s has nothing for axe to find', async (section) => {
      await open(section);
      document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
      await waitFor(() => expect(screen.getByRole('tabpanel', { name: new RegExp(sectionWords[section].short) })).not.toBeEmptyDOMElement());
      await waitFor(() => expect(document.querySelector('[aria-busy]')).toBeNull());
      await expectAccessible();
    });
  });

  it('reads one section at a time: what is not looked at is not on the record', async () => {
    await open('problems');
    await screen.findByRole('grid', { name: 'Problems' });
    const read = mock.calls.filter((call) => call.command !== 'chartRead' && call.command !== 'chartShow').map((call) => [call.command, call.request]);
    expect(read).toEqual([['sectionRead', { patientId: 'p0', section: 'problems' }]]);
  });

  it('opens the nth section with Alt and a digit', async () => {
    const user = await open('summary');
    await user.keyboard('{Alt>}[Digit3]{/Alt}');
    expect(await screen.findByRole('grid', { name: 'Problems' })).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Problems 3' })).toHaveAttribute('aria-selected', 'true');
    const reads = mock.calls.filter((call) => call.command === 'sectionRead' && JSON.stringify(call).includes('"problems"'));
    expect(reads, 'asked for with the key, and not once more when it is drawn').toHaveLength(1);
  });

  it('says what of the records a role does not see', async () => {
    resetMock('billing');
    await open('encounters');
    expect(await screen.findByText('Not shown to your role: clinical details; notes.')).toBeVisible();
    await expectAccessible();
  });

  it('shows what could not be read on top of its section', async () => {
    await open('problems');
    const unread = await screen.findByRole('region', { name: 'Entries that cannot be shown' });
    expect(unread).toHaveTextContent('One entry here cannot be shown');
    expect(unread).toHaveTextContent('its onset is not a date');
    const list = screen.getByRole('grid', { name: 'Problems' });
    expect(unread.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it('says what failed, what is still true, and tries again', async () => {
    mock.failures.sectionRead = { code: 'internal', message: 'the section could not be opened' };
    const user = await open('medications');
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Medications could not be read');
    expect(alert).toHaveTextContent('The section could not be opened.');
    expect(alert).toHaveTextContent('Do not take this for an empty section');
    expect(screen.getByRole('region', { name: 'Patient' })).toBeVisible();
    mock.failures = {};
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('grid', { name: 'Medications' })).toBeVisible();
  });

  it('keeps quiet for 150 ms while it reads, and then says what it reads', async () => {
    mock.delay = 400;
    renderScreen(<Chart first="problems" />);
    expect(screen.getByRole('status')).toBeEmptyDOMElement();
    expect(await screen.findByText('Reading the chart')).toBeVisible();
    expect(await screen.findByRole('grid', { name: 'Problems' }, { timeout: 3000 })).toBeVisible();
  });

  it('says that a chart did not open, and why', async () => {
    renderScreen(<ChartPage patientId="nobody" section="summary" onSection={() => undefined} />);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This chart did not open');
    expect(alert).toHaveTextContent('search again');
    expect(screen.queryByRole('region', { name: 'Patient' })).toBeNull();
  });

  it('an empty section says what would be here', async () => {
    await open('other');
    expect(await screen.findByText('Nothing recorded in other')).toBeVisible();
    expect(screen.getByText('Records that no other section shows would be here.')).toBeVisible();
  });

  it('a role with fewer sections is told what is hidden, and its allergies are hidden, not none', async () => {
    resetMock('billing');
    await open('coverage');
    expect(screen.getByText(/Hidden from your role: clinical sections/)).toBeVisible();
    expect(screen.getByText('Allergies hidden from your role')).toBeVisible();
    expect(screen.getAllByRole('tab')).toHaveLength(2);
  });

  it('opens a row with Enter beside the list, as it is stored, and Esc goes back to the row', async () => {
    const user = await open('problems');
    const list = await screen.findByRole('grid', { name: 'Problems' });
    list.focus();
    await user.keyboard('j{Enter}');
    const detail = await screen.findByRole('region', { name: 'Essential hypertension' });
    expect(detail).toHaveFocus();
    const stored = await within(detail).findByRole('region', { name: 'Condition as stored, JSON' });
    expect(stored).toHaveTextContent('"resourceType": "Condition"');
    await expectAccessible();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: 'Essential hypertension' })).toBeNull();
    expect(list).toHaveFocus();
    expect(list.getAttribute('aria-activedescendant')).toMatch(/1$/);
  });

  it('reads a document beside the list, as text', async () => {
    const user = await open('documents');
    (await screen.findByRole('grid', { name: 'Documents' })).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('region', { name: 'Text of the document' })).toHaveTextContent('Feels well');
  });

  it('says a flag in words', async () => {
    await open('results');
    const row = await screen.findByRole('row', { name: /Potassium/ });
    expect(row).toHaveTextContent('HH critical');
    expect(within(row).getByText('critically high')).toBeInTheDocument();
  });

  it('takes the pointer-free way through a plot: values by arrows, the table by T', async () => {
    const user = await open('results');
    (await screen.findByRole('grid', { name: 'Results' })).focus();
    await user.keyboard('j{Enter}');
    const plot = await screen.findByRole('slider', { name: 'Plot of Potassium (mmol/L), 4 values; left and right move through them' });
    const chosen = screen.getByLabelText('Chosen value');
    expect(chosen, 'the latest value is shown as a number first (GTAB-045)').toHaveTextContent('6.4 mmol/L HH critical');
    expect(chosen).toHaveAttribute('aria-live', 'polite');
    plot.focus();
    await user.keyboard('{ArrowLeft}');
    expect(chosen).toHaveTextContent('4.9 mmol/L');
    expect(plot).toHaveAttribute('aria-valuetext', '3 of 4');
    await expectAccessible();
    await user.keyboard('t');
    const table = await screen.findByRole('grid', { name: 'Values of Potassium' });
    expect(within(table).getAllByRole('row')).toHaveLength(5);
    await expectAccessible();
    table.focus();
    await user.keyboard('t');
    expect(await screen.findByRole('slider')).toBeVisible();
  });

  it('goes from a part of the summary to its section', async () => {
    const user = await open('summary');
    await user.click(await screen.findByRole('button', { name: 'All medications' }));
    expect(await screen.findByRole('grid', { name: 'Medications' })).toBeVisible();
  });

  it('plots a value of the summary beside it', async () => {
    const user = await open('summary');
    (await screen.findByRole('grid', { name: 'Latest vital signs' })).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('slider', { name: /Plot of Blood pressure \(mm\[Hg\]\)/ })).toBeVisible();
  });
});
