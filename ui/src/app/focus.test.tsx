// The focus is never nowhere: what had it is gone, and what stood around it or had it before has it.
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { beforeEach, describe, expect, it } from 'vitest';
import { resetMock } from '@/api/mock';
import { App } from './App';
// Read beforehand: it comes by itself only when it is first drawn, and takes its time.
import './Frame';
import { useFocusKept } from './useFocusKept';

function Page() {
  useFocusKept();
  const [done, setDone] = useState(false);
  const [asked, setAsked] = useState(false);
  return (
    <div id="root">
      <section aria-label="Around" tabIndex={-1}>
        {done ? null : <button onClick={() => setDone(true)}>Done</button>}
      </section>
      <button onClick={() => setAsked(true)}>Ask</button>
      {asked ? createPortal(<button autoFocus onClick={() => setAsked(false)}>Answer</button>, document.body) : null}
    </div>
  );
}

describe('the focus', () => {
  beforeEach(() => resetMock('physician'));

  it('goes to what stood around the button that is gone', async () => {
    const user = userEvent.setup();
    render(<Page />);
    await user.tab();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('region', { name: 'Around' })).toHaveFocus());
  });

  it('goes back to what had it before a question was asked over the page', async () => {
    const user = userEvent.setup();
    render(<Page />);
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}');
    expect(screen.getByRole('button', { name: 'Answer' })).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Ask' })).toHaveFocus());
  });

  it('is given back by the search of the top line, and goes on at the tabs of a chart that opens', async () => {
    const user = userEvent.setup();
    render(<App />);
    const patients = await screen.findByRole('button', { name: 'Patients' });
    patients.focus();
    await user.keyboard('{Control>}k{/Control}');
    expect(screen.getByRole('combobox', { name: 'Search patients and commands' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(patients).toHaveFocus();
    await user.keyboard('{Control>}k{/Control}dark colours');
    await screen.findByText('No patient matches.');
    await user.keyboard('{Enter}');
    await screen.findByRole('button', { name: 'Light' });
    expect(patients).toHaveFocus();
    await user.keyboard('{Enter}');
    await user.type(await screen.findByRole('textbox', { name: 'Find a patient' }), 'smith jane');
    await screen.findAllByRole('button', { name: /^Open the chart of SMITH, Jane/ });
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(screen.getByRole('tab', { name: /^Summary/ })).toHaveFocus());
  });

  it('comes to what shows a password', async () => {
    const user = userEvent.setup();
    render(<App />);
    await screen.findByRole('button', { name: 'Lock' });
    await user.keyboard('{Control>}l{/Control}');
    await screen.findByLabelText('Password');
    await user.tab();
    expect(screen.getByRole('button', { name: 'Show the password' })).toHaveFocus();
  });
});
