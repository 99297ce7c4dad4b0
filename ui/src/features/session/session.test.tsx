import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '@/api/client';
import { mock, resetMock, session } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { FirstStartPage } from './FirstStartPage';
import { LockPage } from './LockPage';
import { SignInPage } from './SignInPage';
import { StartFailurePage } from './StartFailurePage';

const password = () => screen.getByLabelText<HTMLInputElement>('Password');

describe('sign in', () => {
  beforeEach(() => resetMock());

  it('is accessible and begins in the user name', async () => {
    renderScreen(<SignInPage session={session()} />);
    expect(screen.getByLabelText('User name')).toHaveFocus();
    await expectAccessible();
  });

  it('sends what was typed, by keyboard alone', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    await waitFor(() => expect(mock.stage).toBe('unlocked'));
  });

  it('empties the password at once and says in words why it was refused', async () => {
    const user = userEvent.setup();
    mock.delay = 50;
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}wrong{Enter}');
    expect(password(), 'also while the core works').toHaveValue('');
    expect(await screen.findByText('The user name or the password is not right; try again.')).toBeInTheDocument();
    expect(password()).toHaveFocus();
    mock.delay = 0;
  });

  it('says how long it is refused after too many failures', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}later{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(/try again in 5 minutes/);
  });

  it('asks for what is missing without calling the core', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Type your user name and your password.')).toBeInTheDocument();
    expect(mock.calls).toHaveLength(0);
  });
});

describe('a workstation that did not open', () => {
  it('says why and what to do, and offers no way around it', async () => {
    renderScreen(<StartFailurePage error={new Failure({ code: 'internal', message: 'the database is damaged and was left as it is' })} />);
    expect(screen.getByRole('heading', { name: 'This workstation did not open' })).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('The database is damaged and was left as it is.');
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
    await expectAccessible();
  });
});

describe('first start', () => {
  beforeEach(() => {
    resetMock();
    mock.stage = 'first-start';
  });

  async function fill(user: ReturnType<typeof userEvent.setup>, first: string, second: string) {
    await user.keyboard(`Harbour General{Tab}R. HALVORSEN{Tab}admin{Tab}${first}{Tab}${second}{Enter}`);
  }

  it('makes the first administrator by keyboard', async () => {
    const user = userEvent.setup();
    renderScreen(<FirstStartPage session={session()} />);
    await fill(user, 'twelve letters at least', 'twelve letters at least');
    await waitFor(() => expect(mock.stage).toBe('unlocked'));
    expect(mock.user?.role).toBe('administrator');
  });

  it('names the length in words and goes to the field', async () => {
    const user = userEvent.setup();
    renderScreen(<FirstStartPage session={session()} />);
    await fill(user, 'short', 'short');
    expect(await screen.findByText(/has 5 characters. It needs at least 12/)).toBeInTheDocument();
    expect(password()).toHaveFocus();
    expect(mock.calls).toHaveLength(0);
    await expectAccessible();
  });

  it('refuses two passwords that differ', async () => {
    const user = userEvent.setup();
    renderScreen(<FirstStartPage session={session()} />);
    await fill(user, 'twelve letters at least', 'twelve letters at lest');
    expect(await screen.findByText(/The two passwords differ/)).toBeInTheDocument();
    expect(password()).toHaveValue('');
  });
});

describe('the lock page', () => {
  beforeEach(() => {
    resetMock('nurse');
    mock.stage = 'locked';
  });

  it('says who is signed in and since when', async () => {
    renderScreen(<LockPage session={session()} />);
    expect(screen.getByText('M. LINDQVIST')).toBeInTheDocument();
    expect(screen.getByText('22-Nov 08:15')).toBeInTheDocument();
    expect(password()).toHaveFocus();
    await expectAccessible();
  });

  it('keeps the lock after a wrong password', async () => {
    const user = userEvent.setup();
    renderScreen(<LockPage session={session()} />);
    await user.keyboard('wrong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(/not right/);
    expect(mock.stage).toBe('locked');
  });

  it('offers one way out, and says whose session it ends', () => {
    renderScreen(<LockPage session={session()} />);
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['', 'Unlock', 'Switch user']);
    expect(screen.getByText(/“Switch user” signs M. LINDQVIST out/)).toBeVisible();
  });

  it('lets another user sign in', async () => {
    const user = userEvent.setup();
    renderScreen(<LockPage session={session()} />);
    await user.click(screen.getByRole('button', { name: 'Switch user' }));
    await waitFor(() => expect(mock.stage).toBe('signed-out'));
  });
});
