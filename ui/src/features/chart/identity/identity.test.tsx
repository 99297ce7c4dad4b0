import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import type { PersonFields, Section } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ChartPage } from '../ChartPage';

const jane: PersonFields = {
  family: 'Smith', given: 'Jane', birthDate: '1938-01-01', gender: 'female', phone: '+44 20 7946 0123', street: '12 Harbour Road', city: 'Whitby', state: '', postalCode: 'YO21 3PU', country: 'GB', mrn: '004 217',
};
const requestsOf = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.request);

function Chart() {
  const [section, setSection] = useState<Section>('encounters');
  return <ChartPage patientId="p0" section={section} changesWho onSection={setSection} />;
}

async function open() {
  renderScreen(<Chart />);
  const user = userEvent.setup();
  await waitFor(() => expect(mock.written.onScreen).toBe('p0'));
  expect(requestsOf('patientDemographicsRead'), 'not read before it is asked for').toEqual([]);
  await user.click(await screen.findByRole('button', { name: 'Change who this is' }));
  await screen.findByRole('form', { name: 'Change who this is' });
  return user;
}

const store = () => screen.getByRole('button', { name: 'Store this change for SMITH, Jane (Ms), born 01-Jan-1938' });

beforeEach(() => resetMock('front-desk'));

describe('changing who this is', () => {
  it('shows what is stored, in place of the section and under the banner', async () => {
    await open();
    expect(screen.getByRole('region', { name: 'Patient' })).toHaveTextContent('SMITH, Jane (Ms)');
    expect(screen.queryByRole('tablist')).toBeNull();
    expect(screen.getByRole('textbox', { name: 'Family name' })).toHaveFocus();
    expect(screen.getByRole('textbox', { name: 'Birth date' })).toHaveValue('1938-01-01');
    expect(screen.getByRole('radio', { name: 'Female' })).toBeChecked();
    expect(screen.getByRole('textbox', { name: 'Record number (MRN)' })).toHaveAttribute('readonly');
    expect(requestsOf('patientDemographicsRead')).toEqual([{ patientId: 'p0' }]);
    await expectAccessible();
  });

  it('sends all of it with the version, keeps what was not changed, and reads the banner again', async () => {
    const stored = { ...jane, street: '12 Harbour Road,  Flat 2 ' };
    mock.registry = { ...mock.registry, stored: { p0: { version: 1, person: stored } } };
    const user = await open();
    await user.type(screen.getByRole('textbox', { name: 'Family name' }), '-Jones');
    expect(screen.getByText('Stored: Smith')).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Not asked' }));
    await user.click(store());
    expect(await screen.findByText('Stored: Who this patient is')).toBeVisible();
    expect(requestsOf('patientUpdate')).toEqual([{ patientId: 'p0', chartOnScreen: 'p0', version: 1, person: { ...stored, family: 'Smith-Jones', gender: null } }]);
    await waitFor(() => expect(screen.getByRole('region', { name: 'Patient' })).toHaveTextContent('SMITH-JONES, Jane'));
    expect(screen.getByRole('button', { name: 'Change who this is' })).toHaveFocus();
    expect(requestsOf('patientDemographicsRead'), 'what nobody looks at is not read').toHaveLength(1);
    expect(screen.getByRole('tablist')).toBeVisible();
  });

  it('sends nothing while nothing was changed', async () => {
    const user = await open();
    await user.keyboard('{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('Nothing was changed yet');
    await user.click(screen.getByRole('button', { name: 'Back to the chart' }));
    expect(await screen.findByRole('tablist')).toBeVisible();
    expect(requestsOf('patientUpdate')).toEqual([]);
  });

  it('says that somebody else was faster, and undoes nothing of theirs', async () => {
    const user = await open();
    const street = screen.getByRole('textbox', { name: 'Street and number' });
    await user.clear(street);
    await user.type(street, '9 Quay');
    mock.registry = { ...mock.registry, stored: { p0: { version: 2, person: { ...jane, phone: '0999', street: '5 Mill Lane' } } } };
    await user.click(store());
    await user.click(await screen.findByRole('button', { name: 'Read this chart again' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Telephone' })).toHaveValue('0999'));
    expect(screen.getByRole('textbox', { name: 'Street and number' }), 'what was typed stays').toHaveValue('9 Quay');
    expect(screen.getByText('Stored: 5 Mill Lane')).toBeVisible();
    await user.click(store());
    await waitFor(() => expect(requestsOf('patientUpdate')).toHaveLength(2));
    expect(requestsOf('patientUpdate')[1]).toMatchObject({ version: 2, person: { phone: '0999', street: '9 Quay' } });
  });

  it('is refused where another chart stands on the screen, and what was typed stays', async () => {
    const user = await open();
    mock.written.onScreen = 'p1';
    await user.type(screen.getByRole('textbox', { name: 'Given names' }), ' Ann{Enter}');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This would have been written in another chart'));
    expect(screen.getByRole('textbox', { name: 'Given names' })).toHaveValue('Jane Ann');
    expect(within(screen.getByRole('region', { name: 'Patient' })).getByText('SMITH, Jane (Ms)')).toBeVisible();
  });

  it('takes the birth date in every notation but one that is not clear', async () => {
    const user = await open();
    const born = screen.getByRole('textbox', { name: 'Birth date' });
    await user.clear(born);
    await user.type(born, '2/3/1938{Enter}');
    expect(born).toHaveAccessibleDescription(/can be 02-Mar-1938 or 03-Feb-1938/);
    expect(requestsOf('patientUpdate')).toEqual([]);
    await user.clear(born);
    await user.type(born, '2 March 1938{Enter}');
    await waitFor(() => expect(requestsOf('patientUpdate')).toMatchObject([{ person: { birthDate: '1938-03-02' } }]));
  });
});
