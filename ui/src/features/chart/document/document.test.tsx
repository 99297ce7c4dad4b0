import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import type { Section } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';
import { Blocks } from './Blocks';

function Chart() {
  const [section, setSection] = useState<Section>('documents');
  return <ChartPage patientId="p0" section={section} onSection={setSection} />;
}

const name = patients[0]?.name ?? '';

async function open(path: string) {
  renderScreen(<Chart />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Import a document' }));
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  expect(screen.getByRole('textbox', { name: 'File' })).toHaveFocus();
  await user.keyboard(`${path}{Enter}`);
  return user;
}

beforeEach(() => resetMock('physician'));

describe('a document from elsewhere', () => {
  it('is taken entry by entry; what is known already is not ticked', async () => {
    const user = await open('/media/usb/summary.xml');
    expect(await screen.findByRole('heading', { name: 'Summary of care, Lakeside Clinic' })).toHaveFocus();
    expect(screen.getByText('2 of 4 entries ticked')).toBeVisible();
    expect(screen.getByRole('checkbox', { name: /Penicillin G/ })).not.toBeChecked();
    expect(screen.getByText('Already there: Penicillin, 2008.')).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: /Problems/ }));
    expect(screen.getByRole('checkbox', { name: /Pneumonia/ })).toBeChecked();
    expect(screen.getByText(/Alive and well/)).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: /Pneumonia/ }));
    await user.click(screen.getByRole('button', { name: `Add 1 entry to the chart of ${name}` }));
    expect(await screen.findByText('Stored: 1 entry added, document stored')).toHaveFocus();
    expect(mock.documents.taken).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', review: '/media/usb/summary.xml', taken: [2], reason: '' }]);
  });

  it('of somebody else is loud, has nothing ticked, and asks for a reason', async () => {
    const user = await open('/media/usb/other.xml');
    expect(await screen.findByText(/about somebody else/)).toBeVisible();
    expect(screen.getByText('0 of 4 entries ticked')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Tick all 2 new' }));
    await user.click(screen.getByRole('button', { name: `Add 2 entries to the chart of ${name}` }));
    const why = screen.getByRole('textbox', { name: `Why this document is about ${name} all the same` });
    expect(why).toHaveFocus();
    expect(mock.documents.taken).toEqual([]);
    await expectAccessible();
    await user.keyboard('Sent under the name of her husband');
    await user.click(screen.getByRole('button', { name: `Add 2 entries to the chart of ${name}` }));
    expect(await screen.findByText(/Stored: 2 entries added/)).toBeVisible();
    expect(mock.documents.taken[0]?.reason).toBe('Sent under the name of her husband');
  });

  it('that cannot be read says why, and Escape leaves it', async () => {
    const user = await open('/media/usb/damaged.xml');
    expect(await screen.findByText(/no well-formed XML/)).toBeVisible();
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('button', { name: 'Import a document' })).toHaveFocus();
  });
});

describe('a narrative', () => {
  it('is text, whatever stands in it', () => {
    render(<Blocks blocks={[{ kind: 'paragraph', spans: [{ text: '<img src=x onerror=alert(1)>', styles: ['bold'] }] }]} />);
    expect(screen.getByText('<img src=x onerror=alert(1)>').tagName).toBe('STRONG');
    expect(within(document.body).queryByRole('img')).toBeNull();
  });
});
