import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { patients } from '@/api/mockChart';
import { someNotes } from '@/api/mockNote';
import { leftStored } from '@/api/onScreen';
import { AskContext } from '@/api/reauthentication';
import type { Section } from '@/api/types';
import { KeepWith, type Kept } from '@/lib/kept';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';
import { Documents } from '../sections/Documents';
import { WhoseChart } from '../write/whose';
import { atNote } from './place';

/** Whoever is asked authenticates, or thinks better of it. */
let authenticates = true;
const asked: string[] = [];
function ask(purpose: string) {
  asked.push(purpose);
  if (authenticates) mock.notes.fresh = true;
  return Promise.resolve(authenticates);
}

function Chart({ kept }: { kept: Map<string, Kept> }) {
  const [section, setSection] = useState<Section>('documents');
  const [keeper] = useState(() => ({ read: (key: string) => kept.get(key), write: (key: string, value: Kept) => void (value === null ? kept.delete(key) : kept.set(key, value)) }));
  return (
    <KeepWith keeper={keeper}>
      <AskContext value={ask}>
        <ChartPage patientId="p0" section={section} onSection={setSection} />
      </AskContext>
    </KeepWith>
  );
}

async function open(kept: Record<string, Kept> = {}) {
  const keeps = new Map(Object.entries(kept));
  const view = renderScreen(<Chart kept={keeps} />);
  await screen.findByRole('region', { name: 'Patient' });
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  return { user: userEvent.setup(), keeps, unmount: view.unmount };
}

async function begin() {
  const opened = await open();
  await screen.findByRole('group', { name: 'New note' });
  await opened.user.keyboard('n1');
  await screen.findByRole('region', { name: 'Progress note' });
  return opened;
}

const name = patients[0]?.name ?? '';
const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);
const stored = () => screen.findByText(/^Draft stored \d/, { selector: '[role=status]' }, { timeout: 4_000 });
const field = (label: string) => screen.getByRole('textbox', { name: label });

beforeEach(() => {
  resetMock('physician');
  authenticates = true;
  asked.length = 0;
});

// An editor that is left stores what is not stored: no test begins before that is over.
afterEach(async () => {
  cleanup();
  await leftStored();
});

describe('a new note', () => {
  it('begins with two keys, filled from the chart, in its first empty heading', async () => {
    const { user } = await open();
    const row = await screen.findByRole('group', { name: 'New note' });
    await user.keyboard('n');
    expect(within(row).getByRole('button', { name: 'Progress note' })).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(within(row).getByRole('button', { name: 'SOAP note' })).toHaveFocus();
    await user.keyboard('1');
    await screen.findByRole('region', { name: 'Progress note' });
    expect(requestsOf('noteDraftCreate')).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', kind: 'progress', follows: null }]);
    expect(field('Since the last visit')).toHaveFocus();
    expect(field('Problems')).toHaveValue('- Diabetes mellitus type 2\n- Essential hypertension');
    expect(screen.queryByRole('grid', { name: 'Documents' }), 'the editor stands in place of the list').toBeNull();
    expect(requestsOf('noteDraftRead'), 'what was just begun is not read again').toEqual([]);
    await expectAccessible();
  });

  it('is asked for from any section by Alt+N', async () => {
    const { user } = await open();
    await user.click(await screen.findByRole('tab', { name: /^Summary/ }));
    await user.keyboard('{Alt>}[KeyN]{/Alt}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Progress note' })).toHaveFocus());
  });

  it('goes on with a list by Enter', async () => {
    const { user } = await begin();
    await user.keyboard('- sleeps{Enter}eats{Enter}{Enter}No fever');
    expect(field('Since the last visit')).toHaveValue('- sleeps\n- eats\nNo fever');
  });

  it.each([
    ['has no template', ['documents'], []],
    ['does not write in this section', ['vitals'], [{ kind: 'progress', title: 'Progress note' }]],
  ] as const)('is not offered to who %s', (_, written, templates) => {
    const content = { section: 'documents' as const, rows: [], drafts: [], templates: [...templates] };
    renderScreen(
      <WhoseChart value={{ patientId: 'p0', name, written }}>
        <Documents patientId="p0" content={content} />
      </WhoseChart>,
    );
    expect(screen.getByText('Nothing recorded in documents')).toBeVisible();
    expect(screen.queryByRole('group', { name: 'New note' })).toBeNull();
  });

  it('says why when the core begins none', async () => {
    const { user } = await open();
    await screen.findByRole('group', { name: 'New note' });
    mock.written.onScreen = 'p1';
    await user.keyboard('n1');
    expect(await screen.findByText(/^This would have been written in another chart/)).toBeVisible();
    expect(mock.notes.drafts).toEqual([]);
  });
});

describe('a draft', () => {
  it('is stored by itself, on the version that was answered last', async () => {
    const { user } = await begin();
    await user.keyboard('Better.');
    expect(screen.getByText('Storing...')).toBeVisible();
    await stored();
    await user.keyboard(' No pain.');
    await waitFor(() => expect(requestsOf('noteDraftUpdate')).toHaveLength(2), { timeout: 4_000 });
    expect(requestsOf('noteDraftUpdate')).toMatchObject([
      { patientId: 'p0', chartOnScreen: 'p0', id: 'dr1', version: 1, sections: [{ title: 'Since the last visit', text: 'Better.' }, {}, {}, {}] },
      { version: 2, sections: [{ text: 'Better. No pain.' }, {}, {}, {}] },
    ]);
  });

  it('is stored at once when the editor is left for another section, and is there to go on with', async () => {
    const { user } = await begin();
    await user.keyboard('Half a sen');
    await user.keyboard('{Alt>}[Digit3]{/Alt}');
    expect(requestsOf('noteDraftUpdate').at(-1), 'without the pause after which it would be stored anyway').toMatchObject({ sections: [{ text: 'Half a sen' }, {}, {}, {}] });
    await waitFor(() => expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Half a sen'));
    await user.click(screen.getByRole('tab', { name: /^Documents/ }));
    expect(await screen.findByRole('textbox', { name: 'Since the last visit' })).toHaveValue('Half a sen');
  });

  it('is kept and closed by Escape, and opened again from its row', async () => {
    const { user } = await begin();
    await user.keyboard('Better.{Escape}');
    const row = await within(await screen.findByRole('list', { name: 'Your drafts in this chart' })).findByRole('button', { name: /Progress note/ });
    expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Better.');
    await waitFor(() => expect(row).toHaveFocus());
    await expectAccessible();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('textbox', { name: 'Since the last visit' })).toHaveValue('Better.');
    expect(field('Assessment and plan'), 'the first that is empty').toHaveFocus();
  });

  it('stays open while it cannot be stored, and says why', async () => {
    const { user } = await begin();
    mock.failures.noteDraftUpdate = { code: 'audit-unavailable', message: 'the audit entry could not be written' };
    await user.keyboard('Better.{Escape}');
    expect(await screen.findByText('Not stored yet: the audit entry could not be written, it stays here')).toBeVisible();
    expect(await screen.findByText('It stays open, since it is not stored yet.')).toBeVisible();
    expect(field('Since the last visit')).toHaveValue('Better.');
    delete mock.failures.noteDraftUpdate;
    await user.keyboard('{Escape}');
    await screen.findByRole('grid', { name: 'Documents' });
    expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Better.');
  });

  it('outlives a lock between two saves', async () => {
    const { user, keeps, unmount } = await begin();
    mock.failures.noteDraftUpdate = { code: 'locked', message: 'the workstation is locked' };
    await user.keyboard('Typed just before');
    unmount();
    await waitFor(() => expect(requestsOf('noteDraftUpdate').length).toBeGreaterThan(0));
    delete mock.failures.noteDraftUpdate;
    expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('');
    renderScreen(<Chart kept={keeps} />);
    expect(await screen.findByRole('textbox', { name: 'Since the last visit' })).toHaveValue('Typed just before');
    await waitFor(() => expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Typed just before'), { timeout: 4_000 });
    await waitFor(() => expect([...keeps.keys()].filter((key) => key.startsWith('unstored/')), 'nothing is left to be kept').toEqual([]));
  });

  it('that was changed elsewhere is read again, with what was typed beside it', async () => {
    const { user } = await begin();
    const [draft] = mock.notes.drafts;
    if (draft) mock.notes.drafts = [{ ...draft, version: 5, sections: draft.sections.map((one, index) => (index === 0 ? { ...one, text: 'Written elsewhere.' } : one)) }];
    await user.keyboard('Typed here.');
    const again = await screen.findByRole('button', { name: 'Read the draft again' }, { timeout: 4_000 });
    expect(screen.getByText(/^Not stored yet: this draft was changed elsewhere/)).toBeVisible();
    expect(field('Since the last visit')).toHaveValue('Typed here.');
    await user.click(again);
    await waitFor(() => expect(field('Since the last visit')).toHaveValue('Written elsewhere.'));
    const pieces = screen.getByRole('region', { name: 'Typed and not stored' });
    expect(pieces).toHaveTextContent('Typed here.');
    await expectAccessible();
    await user.click(within(pieces).getByRole('button', { name: 'Add it to “Since the last visit”' }));
    expect(field('Since the last visit')).toHaveValue('Written elsewhere.\nTyped here.');
    await waitFor(() => expect(mock.notes.drafts[0]?.sections[0]?.text).toBe('Written elsewhere.\nTyped here.'), { timeout: 4_000 });
  });

  it('is thrown away by a button that names it and the patient, and by no other', async () => {
    const { user } = await begin();
    await user.click(screen.getByRole('button', { name: 'Throw this draft away' }));
    expect(screen.getByRole('button', { name: 'Go on writing' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('button', { name: /^Throw away/ })).toBeNull();
    expect(mock.notes.drafts).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Throw this draft away' }));
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: `Throw away this progress note for ${name}` }));
    await screen.findByRole('grid', { name: 'Documents' });
    expect(requestsOf('noteDraftDelete')).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', id: 'dr1', version: 1 }]);
    expect(mock.notes.drafts).toEqual([]);
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Your drafts in this chart' })).toBeNull());
  });
});

describe('a draft that is gone elsewhere', () => {
  it('is left by throwing away what is here', async () => {
    const { user } = await begin();
    mock.notes.drafts = [];
    await user.keyboard('Too late.{Escape}');
    expect(await screen.findByText('It stays open, since it is not stored yet.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Throw this draft away' }));
    await user.click(screen.getByRole('button', { name: `Throw away this progress note for ${name}` }));
    expect(await screen.findByRole('grid', { name: 'Documents' })).toBeVisible();
  });
});

describe('a signature', () => {
  it('stores what was typed last, asks who it is, and signs that version', async () => {
    const { user } = await begin();
    await user.keyboard('Better.{Control>}{Enter}{/Control}');
    const line = await screen.findByText('Signed: Progress note');
    expect(line).toHaveFocus();
    expect(asked).toEqual(['signing']);
    expect(requestsOf('noteDraftUpdate')).toMatchObject([{ version: 1, sections: [{ text: 'Better.' }, {}, {}, {}] }]);
    expect(requestsOf('noteSign').at(-1)).toEqual({ patientId: 'p0', chartOnScreen: 'p0', id: 'dr1', version: 2, cosigner: null, encounter: null });
    await user.click(await screen.findByRole('row', { name: /Progress note.*Dr A. OKAFOR.*final/ }));
    const text = await screen.findByRole('region', { name: 'Text of the note' });
    expect(text).toHaveTextContent('Better.');
    expect(text, 'empty headings are left out').not.toHaveTextContent('Assessment and plan');
    expect(screen.getByRole('list', { name: 'Signatures' })).toHaveTextContent(/Dr A. OKAFOR, author, .*: text is what was signed/);
    await new Promise((done) => setTimeout(done, 1_200));
    expect(requestsOf('noteDraftUpdate'), 'nothing is stored after it').toHaveLength(1);
    await expectAccessible();
  });

  it('is asked for anew for each note', async () => {
    const { user } = await begin();
    await user.keyboard('One.{Control>}{Enter}{/Control}');
    await screen.findByText('Signed: Progress note');
    await user.keyboard('n6');
    await screen.findByRole('region', { name: 'Telephone note' });
    await user.keyboard('Two.{Control>}{Enter}{/Control}');
    await screen.findByText('Signed: Telephone note');
    expect(asked).toEqual(['signing', 'signing']);
  });

  it('that somebody thinks better of leaves the draft as it is, to be written on', async () => {
    authenticates = false;
    const { user } = await begin();
    await user.keyboard('Better.');
    await user.click(screen.getByRole('button', { name: `Sign this progress note for ${name}` }));
    expect(await screen.findByText('Not signed. The draft is stored.')).toBeVisible();
    expect(mock.notes.signed).toEqual([]);
    await user.type(field('Assessment and plan'), 'Go home.');
    await waitFor(() => expect(mock.notes.drafts[0]?.sections[3]?.text).toBe('Go home.'), { timeout: 4_000 });
  });

  it('is not given to a text that is not stored', async () => {
    const { user } = await begin();
    mock.failures.noteDraftUpdate = { code: 'internal', message: 'the disk is full' };
    await user.keyboard('Better.{Control>}{Enter}{/Control}');
    expect(await screen.findByText('Not signed: what was typed last is not stored yet.')).toBeVisible();
    expect(requestsOf('noteSign')).toEqual([]);
  });

  it('is not given to a text that was changed elsewhere, which is read first', async () => {
    const { user } = await begin();
    mock.notes.drafts = mock.notes.drafts.map((draft) => ({ ...draft, version: 5 }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText('This draft was changed elsewhere in the meantime.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Read the draft again' }));
    await user.click(screen.getByRole('button', { name: `Sign this progress note for ${name}` }));
    await screen.findByText('Signed: Progress note');
    expect(requestsOf('noteSign').at(-1)).toMatchObject({ version: 5 });
  });

  it('is refused to an empty note', async () => {
    const { user } = await begin();
    for (const label of ['Findings', 'Problems']) await user.clear(field(label));
    await user.click(screen.getByRole('button', { name: `Sign this progress note for ${name}` }));
    expect(await screen.findByText('This note is empty; write something before you sign it.')).toBeVisible();
    expect(asked).toEqual([]);
  });

  it('can ask for a second one', async () => {
    const { user } = await begin();
    await user.keyboard('Better.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Ask for a cosignature' }), 'Dr I. MARCHETTI');
    await user.click(screen.getByRole('button', { name: `Sign this progress note for ${name}` }));
    await screen.findByText('Signed: Progress note');
    expect(requestsOf('noteSign').at(-1)).toMatchObject({ cosigner: 'u7' });
    await user.click(await screen.findByRole('row', { name: /Progress note.*final/ }));
    expect(await screen.findByText('Waits for the signature of Dr I. MARCHETTI')).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Cosign/ })).toBeNull();
  });
});

describe('a signed note', () => {
  const openNote = async (id: string) => {
    mock.notes = someNotes();
    const opened = await open(atNote(id).kept);
    await screen.findByRole('region', { name: 'Text of the note' });
    return opened;
  };

  it('is cosigned by whoever was asked, by a button that names the patient', async () => {
    const { user } = await openNote('no1');
    expect(screen.getByText('Waits for the signature of Dr A. OKAFOR')).toBeVisible();
    await user.click(screen.getByRole('button', { name: `Cosign this note for ${name}` }));
    await waitFor(() => expect(screen.getByRole('list', { name: 'Signatures' })).toHaveTextContent(/Dr A. OKAFOR, cosigned, .*: text is what was signed/));
    expect(asked).toEqual(['signing']);
    expect(requestsOf('noteCosign').at(-1)).toEqual({ patientId: 'p0', chartOnScreen: 'p0', id: 'no1' });
    expect(screen.queryByText(/^Waits for the signature/)).toBeNull();
  });

  it('that is not what was signed says so before anything else', async () => {
    await openNote('no5');
    const alert = screen.getAllByRole('alert').find((one) => one.textContent.includes('This is not what was signed'));
    expect(alert).toBeVisible();
    expect(alert?.compareDocumentPosition(screen.getByRole('region', { name: 'Text of the note' }))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(screen.getByRole('list', { name: 'Signatures' })).toHaveTextContent('this is not what was signed');
    await expectAccessible();
  });

  it('of a stranger is neither called right nor wrong', async () => {
    await openNote('no6');
    expect(screen.getByRole('list', { name: 'Signatures' })).toHaveTextContent('it cannot be checked');
    expect(screen.queryByText(/not what was signed|text is what was signed/)).toBeNull();
  });

  it('that was amended says so on top, shows what followed, and leads there', async () => {
    const { user } = await openNote('no2');
    expect(screen.getByText(/^Amended by Dr A. OKAFOR on 26-Nov-2026 10:42/)).toBeVisible();
    expect(screen.getByRole('article', { name: 'Amendment by Dr A. OKAFOR, 26-Nov-2026 10:42' })).toHaveTextContent('aspirin 75 mg once per day');
    expect(screen.getByRole('article', { name: 'Addendum by M. LINDQVIST, 27-Nov-2026 10:42' })).toHaveTextContent('Walked the corridor twice');
    expect(screen.getByRole('region', { name: 'Text of the note' }), 'the original stays as it was signed').toHaveTextContent('aspirin 100 mg once per day');
    await user.click(screen.getByRole('button', { name: 'Open this amendment' }));
    expect(await screen.findByRole('region', { name: 'What was changed' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Open the original' }));
    expect(await screen.findByText(/^Amended by/)).toBeVisible();
  });

  it('that amends another shows each line that it changed by a word and a sign', async () => {
    await openNote('no3');
    const changes = screen.getByRole('region', { name: 'What was changed' });
    expect(changes.querySelector('del')).toHaveTextContent('Never smoked.');
    expect(changes.querySelector('ins')).toHaveTextContent('Smoked until 2009.');
    expect(changes).toHaveTextContent(/−removed: Never smoked\.\+added: Smoked until 2009\./);
    expect(screen.getByRole('article', { name: /^The original by Dr A. OKAFOR/ })).toHaveTextContent('Never smoked.');
    await expectAccessible();
  });

  it.each([
    ['Write an addendum', 'addendum', 'Addendum to: History and physical'],
    ['Write an amendment', 'amendment', 'Amendment of: History and physical'],
  ])('is followed by “%s”, and never written in', async (button, relation, title) => {
    const { user } = await openNote('no2');
    await user.click(screen.getByRole('button', { name: button }));
    await screen.findByRole('region', { name: title });
    expect(requestsOf('noteDraftCreate')).toMatchObject([{ patientId: 'p0', follows: { id: 'no2', relation } }]);
    expect(screen.getByRole('button', { name: `Sign this ${relation} for ${name}` })).toBeVisible();
  });
});
