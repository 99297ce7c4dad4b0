import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { syncScenes } from '@/api/mockSync';
import { App } from '@/app/App';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { FleetPage } from './FleetPage';

const calls = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);

async function open(decides = true) {
  renderScreen(<FleetPage decides={decides} />);
  await screen.findByRole('list', { name: 'Alarms, the gravest first' });
  await screen.findByRole('article', { name: /incident 12/ });
  return userEvent.setup();
}

const incident = () => screen.getByRole('article', { name: 'Alarm: incident 12 about M. LINDQVIST' });
const tab = (name: string) => screen.getByRole('button', { name });

beforeEach(() => {
  resetMock('privacy-officer');
  mock.sync = syncScenes().connected;
});

describe('the alarms of the fleet', () => {
  it.each(['light', 'dark'])('have nothing for axe to find in %s', async (scheme) => {
    await open();
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
  });

  it('say whom, over which numbers, how grave and how it stands', async () => {
    await open();
    expect(screen.getByRole('status')).toHaveTextContent('1 grave alarm that nobody has acknowledged');
    const line = screen.getByRole('button', { name: /M. LINDQVIST/, pressed: true });
    for (const words of ['High', 'Open', 'Far more charts than usual, and nothing explains them', 'No. 12, 34 minutes old', 'Suspended on every workstation']) expect(line).toHaveTextContent(words);
    expect(incident()).toHaveTextContent('M. LINDQVIST: 41 patients in 60 minutes; 12 are usual, 36 were allowed');
    expect(within(incident()).getByRole('img', { name: 'Events over time, counted within 60 minutes; 36 were allowed, and the alarm fired at 41' })).toBeInTheDocument();
    expect(within(incident()).getByText('SMITH, Jane (Ms), born 14-Jul-1945, MRN 004217')).toBeInTheDocument();
    expect(within(incident()).getByText(/39 patients are not known at this workstation/)).toBeInTheDocument();
    expect(within(incident()).getByText('the channel answered with status 503')).toBeInTheDocument();
  });

  it('turn their plot into the table that says the same', async () => {
    const user = await open();
    await user.click(within(incident()).getByRole('button', { name: 'Table (T): Events of each hour' }));
    const table = within(incident()).getByRole('region', { name: 'Numbers: Events of each hour' });
    expect(within(table).getAllByRole('row').at(-1)).toHaveTextContent(/41$/);
    await user.keyboard('t');
    expect(within(incident()).getByRole('img')).toBeInTheDocument();
  });

  it('are moved through by keyboard', async () => {
    const user = await open();
    screen.getByRole('button', { name: /M. LINDQVIST/, pressed: true }).focus();
    await user.keyboard('j{Enter}');
    expect(await screen.findByRole('article', { name: 'Alarm: incident 11 about emergency-room-2' })).toHaveTextContent('22 refused sign-ins in 60 minutes; 20 were allowed');
    await user.click(screen.getByRole('button', { name: 'Closed 1' }));
    expect(await screen.findByRole('article', { name: /incident 7 about Dr A. OKAFOR/ })).toHaveTextContent('by 22-Jan-2027: 54 days left');
  });

  it('are acknowledged, suspended and let go by those who oversee', async () => {
    const user = await open();
    await user.click(within(incident()).getByRole('button', { name: 'Acknowledge incident 12 about M. LINDQVIST' }));
    await waitFor(() => expect(within(incident()).queryByRole('button', { name: /^Acknowledge/ })).toBeNull());
    await user.click(within(incident()).getByRole('button', { name: 'Lift the suspension' }));
    const confirm = 'Lift the suspension of M. LINDQVIST on every workstation';
    await user.click(within(incident()).getByRole('button', { name: confirm }));
    expect(screen.getByRole('alert')).toHaveTextContent('at least 10 characters');
    expect(calls('incidentUpdate')).toHaveLength(1);
    await user.click(within(incident()).getByRole('textbox', { name: 'Why the suspension is lifted' }));
    await user.paste('Talked to the ward: she covered for two others');
    await user.click(within(incident()).getByRole('button', { name: confirm }));
    expect(await within(incident()).findByRole('button', { name: 'Suspend the account' })).toBeVisible();
    expect(calls('incidentUpdate').at(-1)).toEqual({ id: 12, step: 'lift-suspension', words: 'Talked to the ward: she covered for two others' });
    expect(within(incident()).getByText('Talked to the ward: she covered for two others')).toBeVisible();
  });

  it('say what the server refuses', async () => {
    const user = await open();
    mock.failures = { incidentUpdate: { code: 'version-conflict', message: 'the server says: The incident is acknowledged already, or closed' } };
    await user.click(within(incident()).getByRole('button', { name: /^Acknowledge/ }));
    expect(await screen.findByText('The server says: The incident is acknowledged already, or closed.')).toBeVisible();
  });

  it('are not worked on by whom they are about', async () => {
    mock.fleet.incidents = mock.fleet.incidents.map((one) => ({ ...one, row: { ...one.row, own: true } }));
    await open();
    expect(within(incident()).getByText('This case is about you. Somebody else works on it.')).toBeVisible();
    expect(within(incident()).queryByRole('group', { name: 'Acts' })).toBeNull();
    expect(within(incident()).queryByRole('button', { name: 'Assess it' })).toBeNull();
  });

  it('show an administrator no patients and no work on the case', async () => {
    resetMock('administrator');
    mock.sync = syncScenes().connected;
    await open(false);
    const names = within(screen.getByRole('group', { name: 'Acts' })).getAllByRole('button').map((one) => one.textContent);
    expect(names).toEqual(['Acknowledge incident 12 about M. LINDQVIST', 'Lift the suspension', 'Escalate']);
    expect(incident()).not.toHaveTextContent('SMITH');
    expect(within(incident()).queryByRole('region', { name: 'Breach assessment' })).toBeNull();
    await expectAccessible();
  });
});

describe('a case', () => {
  it('is given to somebody, commented and closed with a finding', async () => {
    const user = await open();
    await user.click(within(incident()).getByRole('button', { name: 'Give to somebody' }));
    await user.selectOptions(within(incident()).getByRole('combobox', { name: 'Who looks after it' }), 'R. CASTELLANOS');
    await user.click(within(incident()).getByRole('button', { name: 'Give incident 12 about M. LINDQVIST to R. CASTELLANOS' }));
    await waitFor(() => expect(calls('incidentDecide')).toEqual([{ id: 12, decision: { act: 'assign', userId: 'u4' } }]));
    await user.click(within(incident()).getByRole('button', { name: 'Close the case' }));
    await user.click(within(incident()).getByRole('textbox', { name: 'Why' }));
    await user.paste('She has admitted that she was curious');
    const close = within(incident()).getByRole('button', { name: 'Close incident 12 about M. LINDQVIST' });
    await user.click(close);
    expect(screen.getByRole('alert')).toHaveTextContent('Choose what it turned out to be');
    await user.click(within(incident()).getByRole('radio', { name: /^Inappropriate/ }));
    await user.click(close);
    expect(await within(incident()).findByRole('button', { name: 'Open anew' })).toBeVisible();
    expect(incident()).toHaveTextContent('Closed: Inappropriate: it was not theirs to see');
    expect(incident()).toHaveTextContent('She has admitted that she was curious');
  });

  it('is assessed by the four factors, and the clock runs', async () => {
    const user = await open();
    await user.click(within(incident()).getByRole('button', { name: 'Assess it' }));
    const form = within(screen.getByRole('form', { name: 'Assess it' }));
    await user.click(form.getByRole('button', { name: 'Record the assessment of incident 12 about M. LINDQVIST' }));
    expect(form.getByRole('alert')).toHaveTextContent('Assess each of the four factors');
    const parts = form.getAllByRole('textbox').filter((one) => one instanceof HTMLTextAreaElement);
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      await user.click(part);
      await user.paste('Names and birth dates of 41 patients');
    }
    await user.click(form.getByRole('radio', { name: /^A breach: notices by .* 60 days after the discovery/ }));
    await expectAccessible();
    await user.click(form.getByRole('button', { name: 'Record that incident 12 about M. LINDQVIST is a breach' }));
    expect(await within(incident()).findByText('It is a breach.')).toBeVisible();
    expect(within(incident()).getByRole('progressbar', { name: 'Days since the discovery, of 60' })).toHaveValue(0);
    expect(incident()).toHaveTextContent('60 days left (45 CFR 164.404 to 164.408)');
  });

  it('leaves as signed evidence in a new file', async () => {
    const user = await open();
    await user.click(within(incident()).getByRole('button', { name: 'Export the evidence' }));
    await user.click(within(incident()).getByRole('button', { name: 'Export the evidence of incident 12 about M. LINDQVIST' }));
    expect(await within(incident()).findByText(/^Written to .*vigil-incident-12\.tar/)).toBeVisible();
    expect(await within(incident()).findByText('Evidence exported')).toBeVisible();
  });
});

describe('the workstations of the fleet', () => {
  it('say what runs on them, when they were heard and what waits', async () => {
    const user = await open();
    await user.click(tab('Workstations'));
    const table = await screen.findByRole('table', { name: 'Workstations of the fleet' });
    const row = (name: RegExp) => within(table).getByRole('row', { name });
    expect(row(/^clinic-b-cart-7/)).toHaveTextContent(/Silent for 3 days.*0\.0\.9 older.*clock 5 minutes behind.*1,204oldest: 3 days.*not renewed yet.*custodian keystore/);
    expect(row(/^radiology-1/)).toHaveTextContent('Another history');
    expect(row(/^old-pharmacy/)).toHaveTextContent('Revoked 20-Nov-2026 16:00');
    expect(row(/^ward-3-west/)).toHaveTextContent('this oneWard 3 West');
    expect(screen.getByRole('img', { name: 'Age of the oldest entry that waits, by workstation' })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Table (T): Age of what waits, by workstation' }));
    expect(within(screen.getByRole('region', { name: 'Numbers: Age of what waits, by workstation' })).getAllByRole('row')[1]).toHaveTextContent('clinic-b-cart-73 days1,204');
    await expectAccessible();
  });
});

describe('the activity of the fleet', () => {
  it('shows the share that is explained, and each plot as a table', async () => {
    const user = await open();
    await user.click(tab('Activity'));
    expect(await screen.findByRole('region', { name: 'Explained access' })).toHaveTextContent(/^\d\d\.\d% of [\d,]+ chart accesses are explained/);
    for (const name of ['Chart accesses of each hour', 'By user', 'By unit', 'By workstation', 'Emergency accesses of each day', 'Alarms of each day, and by rule'])
      await user.click(screen.getByRole('button', { name: `Table (T): ${name}` }));
    expect(screen.queryAllByRole('img')).toHaveLength(0);
    expect(within(screen.getByRole('region', { name: 'Numbers: By user' })).getByRole('row', { name: /^M. LINDQVIST/ })).toHaveTextContent('nurse');
    expect(within(screen.getByRole('region', { name: 'Numbers: By unit' })).getByRole('row', { name: /^not said/ })).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: '30 days' }));
    await waitFor(() => expect(calls('fleetActivityRead')).toEqual([{ period: 'day' }, { period: 'month' }]));
  });
});

describe('the rules of the fleet', () => {
  it('are read by all who oversee and changed by privacy officers', async () => {
    const user = await open();
    await user.click(tab('Rules'));
    expect(await screen.findByRole('region', { name: 'Rules, version 3' })).toHaveTextContent('volume-unexplained');
    await user.click(screen.getByRole('button', { name: 'Write the next version' }));
    const text = screen.getByRole('textbox', { name: 'Rules (TOML)' });
    expect(screen.getByRole('button', { name: 'Raise the version first' })).toBeDisabled();
    await user.clear(text);
    await user.type(text, 'version = 4');
    mock.failures = { detectionRuleUpdate: { code: 'invalid', message: 'the server says: The rules are not well formed' } };
    await user.click(screen.getByRole('button', { name: 'Let version 4 decide' }));
    expect(await screen.findByText('The server says: The rules are not well formed.')).toBeVisible();
    expect(text).toHaveValue('version = 4');
    mock.failures = {};
    await user.click(screen.getByRole('button', { name: 'Let version 4 decide' }));
    expect(await screen.findByRole('region', { name: 'Rules, version 4' })).toBeVisible();
    await expectAccessible();
  });

  it('are not changed by an administrator', async () => {
    resetMock('administrator');
    mock.sync = syncScenes().connected;
    const user = await open(false);
    await user.click(tab('Rules'));
    expect(await screen.findByText('Another version is for a privacy officer to decide.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Write the next version' })).toBeNull();
  });
});

describe('the desk', () => {
  it('says that there is no fleet, and that the server is away', async () => {
    mock.sync = syncScenes()['not-enrolled'];
    const { unmount } = renderScreen(<FleetPage decides />);
    expect(await screen.findByText('This workstation belongs to no fleet')).toBeVisible();
    expect(calls('incidentSearch'), 'nobody is asked for a password in vain').toHaveLength(0);
    unmount();
    mock.sync = syncScenes().offline;
    renderScreen(<FleetPage decides />);
    expect(await screen.findByText(/^The central server is out of reach: Offline since/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try all the same' }));
    expect(await screen.findByRole('list', { name: 'Alarms, the gravest first' })).toBeVisible();
  });

  it('says why it could not be read, and that there is no alarm', async () => {
    mock.failures = { incidentSearch: { code: 'server-out-of-reach', message: 'the server did not answer in time. Nothing is shown of the fleet meanwhile; this workstation goes on as before' } };
    const { unmount } = renderScreen(<FleetPage decides />);
    expect(await screen.findByText(/^The server did not answer in time/)).toBeVisible();
    unmount();
    mock.failures = {};
    mock.fleet.incidents = [];
    renderScreen(<FleetPage decides />);
    expect(await screen.findByText('No alarm was raised so far')).toBeVisible();
  });

  it('asks for the password in the window, and stays closed without it', async () => {
    mock.stale = true;
    const user = userEvent.setup();
    render(<App />);
    await user.click(within(await screen.findByRole('navigation', { name: 'Pages' })).getByRole('button', { name: 'Fleet' }));
    const dialog = await screen.findByRole('dialog', { name: 'Show again that it is you' });
    expect(dialog).toHaveTextContent('to open the desk over the whole fleet. The server is asked as well');
    await user.click(within(dialog).getAllByRole('button', { name: 'Cancel' })[0]!);
    await user.click(await screen.findByRole('button', { name: 'Open the desk' }));
    await user.type(within(await screen.findByRole('dialog')).getByLabelText('Your password, again'), 'correct horse battery{Enter}');
    expect(await screen.findByRole('list', { name: 'Alarms, the gravest first' })).toBeVisible();
    expect(calls('sessionReauthenticate')).toEqual([{ purpose: 'fleet-desk' }]);
  });
});
