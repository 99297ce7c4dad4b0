import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '@/api/client';
import { mock, resetMock, session } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { Reauthentication } from '@/app/Reauthentication';
import { EnrolmentPage } from './EnrolmentPage';
import { FirstStartPage } from './FirstStartPage';
import { LockPage } from './LockPage';
import { MySignInPage } from './MySignInPage';
import { SignInPage } from './SignInPage';
import { StartFailurePage } from './StartFailurePage';

/** What the form asked of the core: how the central server stands is read beside it. */
const asked = () => mock.calls.filter((call) => call.command !== 'syncRead');
const password = () => screen.getByLabelText<HTMLInputElement>('Password');

describe('sign in', () => {
  beforeEach(() => resetMock());

  it('is accessible and begins in the user name', async () => {
    renderScreen(<SignInPage session={session()} />);
    expect(screen.getByLabelText('User name')).toHaveFocus();
    await expectAccessible();
  });

  it('says why the session before ended, where nobody here ended it', async () => {
    mock.notice = 'your role was changed by an administrator; sign in again to go on';
    renderScreen(<SignInPage session={session()} />);
    expect(screen.getByText('Your role was changed by an administrator; sign in again to go on.')).toBeInTheDocument();
    await expectAccessible();
  });

  it('sends what was typed, by keyboard alone', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    await waitFor(() => expect(mock.stage).toBe('unlocked'));
  });

  it('WCAG-3.3.8: takes a password that is pasted, so that nobody has to remember or type one', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}');
    await user.paste('correct horse battery');
    await user.keyboard('{Enter}');
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
    expect(asked()).toHaveLength(0);
  });
});

describe('sign in where everybody has a second factor', () => {
  beforeEach(() => {
    resetMock();
    mock.factorAtSignIn = true;
  });

  it('asks for it before the core is asked, and sends both in one go', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    expect(await screen.findByLabelText('Code')).toHaveFocus();
    expect(screen.getByLabelText('Code')).toHaveAttribute('autocomplete', 'one-time-code');
    expect(asked(), 'nothing tells yet whether the password was right').toHaveLength(0);
    await expectAccessible();
    await user.keyboard('123 456{Enter}');
    await waitFor(() => expect(mock.stage).toBe('unlocked'));
  });

  it('begins anew after a refusal, with nothing left in the fields', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    await user.type(await screen.findByLabelText('Code'), '000000{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(/name, the password or the second factor is wrong/);
    expect(password()).toHaveValue('');
    expect(screen.queryByLabelText('Code')).not.toBeInTheDocument();
  });

  it('takes a recovery code or a card instead', async () => {
    const user = userEvent.setup();
    renderScreen(<SignInPage session={session()} />);
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }));
    expect(screen.getByLabelText('Recovery code')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Use my card' }));
    await user.keyboard('0000{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent(/one more wrong PIN locks it/);
  });
});

describe('setting up a second factor on the way in', () => {
  beforeEach(() => {
    resetMock('nurse');
    mock.stage = 'factor-enrolment';
  });

  it('shows the secret to scan and to type, takes the first code, then the recovery codes', async () => {
    const user = userEvent.setup();
    renderScreen(<EnrolmentPage session={session()} />);
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeVisible();
    expect(screen.getByText('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')).toBeVisible();
    await expectAccessible();
    await user.type(screen.getByLabelText('Code'), '000000{Enter}');
    expect(await screen.findByText(/This code does not fit/)).toBeVisible();
    expect(screen.getByLabelText('Code')).toHaveValue('');
    await user.type(screen.getByLabelText('Code'), '123456{Enter}');
    expect(await screen.findByRole('region', { name: 'Recovery codes' })).toHaveTextContent('K7QF2-9XMRD');
    expect(mock.stage, 'the codes are seen before anything opens').toBe('factor-enrolment');
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'I have written them down, go on' }));
    await waitFor(() => expect(mock.stage).toBe('unlocked'));
  });
});

describe('my sign-in', () => {
  beforeEach(() => resetMock('nurse'));

  it('enrols, removes and makes recovery codes, and asks again who it is when the core wants to know', async () => {
    const user = userEvent.setup();
    mock.stale = true;
    renderScreen(
      <Reauthentication session={session()}>
        <MySignInPage />
      </Reauthentication>,
    );
    await user.click(await screen.findByRole('button', { name: 'Set up an authenticator app' }));
    const dialog = await screen.findByRole('dialog', { name: 'Show again that it is you' });
    await user.type(within(dialog).getByLabelText('Your password, again'), 'a long sentence{Enter}');
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeVisible();
    await user.type(screen.getByLabelText('Code'), '123456{Enter}');
    expect(await screen.findByRole('region', { name: 'Recovery codes' })).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'I have written them down' }));
    expect(await screen.findByText(/10 of your recovery codes are left/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Remove Authenticator app ...' }));
    await user.click(screen.getByRole('button', { name: 'Remove Authenticator app' }));
    expect(await screen.findByText('None yet.')).toBeVisible();
  });
});

describe('a sign-in that the posture closes', () => {
  beforeEach(() => {
    resetMock();
    mock.refusals = [{ name: 'Disk encryption', found: 'the data folder lies on /dev/vda1, which this system does not encrypt', advice: 'encrypt it' }];
  });

  it('says why, and what a clinician can do', async () => {
    renderScreen(<SignInPage session={session()} />);
    const why = screen.getByRole('region', { name: 'Why the sign-in is closed' });
    expect(why).toHaveTextContent('Only administrators can sign in');
    expect(why).toHaveTextContent('Disk encryption: The data folder lies on /dev/vda1, which this system does not encrypt.');
    await expectAccessible();
  });

  it('sends the reason that was chosen, and none where the sign-in is open', async () => {
    const user = userEvent.setup();
    const shown = renderScreen(<SignInPage session={session()} />);
    await user.type(screen.getByLabelText('User name'), 'okafor');
    await user.type(password(), 'correct horse battery');
    await user.selectOptions(screen.getByLabelText('Reason, where treatment cannot wait'), 'emergency-treatment');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(mock.calls.at(-1)?.request).toMatchObject({ despiteRefusal: 'emergency-treatment' }));
    shown.unmount();
    resetMock();
    renderScreen(<SignInPage session={session()} />);
    expect(screen.queryByLabelText('Reason, where treatment cannot wait')).toBeNull();
    await user.keyboard('okafor{Tab}correct horse battery{Enter}');
    await waitFor(() => expect(mock.calls.at(-1)?.request).toMatchObject({ despiteRefusal: null }));
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
    await user.keyboard(`Harbour General{Tab}R. HALVORSEN{Tab}admin{Tab}${first}{Tab}{Tab}${second}{Enter}`);
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
    expect(await screen.findByText(/has 5 characters. It needs at least 15/)).toBeInTheDocument();
    expect(password()).toHaveFocus();
    expect(asked()).toHaveLength(0);
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

  it('offers two ways out, and says what becomes of the place', () => {
    renderScreen(<LockPage session={session()} />);
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['', 'Unlock', 'Switch user', 'Sign out']);
    expect(screen.getByText(/the place of M. LINDQVIST then waits, sealed/)).toBeVisible();
  });

  it('lets another user sign in', async () => {
    const user = userEvent.setup();
    renderScreen(<LockPage session={session()} />);
    await user.click(screen.getByRole('button', { name: 'Switch user' }));
    await waitFor(() => expect(mock.stage).toBe('signed-out'));
  });
});
