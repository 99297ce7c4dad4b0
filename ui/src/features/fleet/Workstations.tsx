// The workstations of the fleet: version, posture, last contact, and what waits on them.
import { t } from '@lingui/core/macro';
import { IconAlertTriangle, IconCircleCheck, IconGitFork, IconPlugConnectedX, IconPower, type Icon } from '@tabler/icons-react';
import { useFleetDevices } from '@/api/fleet';
import type { FleetDeviceListView, FleetDeviceRow } from '@/api/types';
import { Empty } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import { Desk, LookAgain } from './Desk';
import { QueueAges } from './QueueAges';
import { spanWords } from './ruleWords';
import classes from './fleet.module.css';

/** A workstation that is on talks to the server every minute. */
const silentAfter = 24 * 60;
/** Certificates are renewed a month before they end. */
const renewed = 14;

export function Workstations() {
  const read = useFleetDevices();
  return (
    <Desk read={read} what={t`the workstations of the fleet`} isEmpty={(view) => view.rows.length === 0} empty={<Empty title={t`No workstation is enrolled`} hint={t`A token for one is made at the server: vigil-server device token.`} />}>
      {(view) => (
        <>
          <LookAgain read={read} words={t`As of ${moment(view.asOf)}`} />
          <QueueAges rows={view.rows.filter((row) => row.revoked === null)} />
          <Table view={view} />
        </>
      )}
    </Desk>
  );
}

function Table({ view }: { view: FleetDeviceListView }) {
  const newest = view.rows.filter((row) => row.revoked === null).map((row) => row.version).sort(byVersion).at(-1);
  return (
    <>
      <h2 className={classes.subheading}>{t`Workstations`}</h2>
      {/* It scrolls sideways in a narrow window, and by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.wide} tabIndex={0} role="region" aria-label={t`All workstations`}>
        <table className={classes.table} aria-label={t`Workstations of the fleet`}>
          <thead>
            <tr>
              <th scope="col">{t`Workstation`}</th>
              <th scope="col">{t`State`}</th>
              <th scope="col">{t`Version`}</th>
              <th scope="col">{t`Last contact`}</th>
              <th scope="col" className={classes.number}>{t`Waiting`}</th>
              <th scope="col" className={classes.number}>{t`At the server`}</th>
              <th scope="col">{t`Certificate until`}</th>
              <th scope="col">{t`Posture`}</th>
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row) => (
              <Row key={row.enrolment} row={row} newest={newest ?? row.version} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ row, newest }: { row: FleetDeviceRow; newest: string }) {
  const { word, sign: Sign, tone } = stateOf(row);
  return (
    <tr data-gone={row.revoked !== null || undefined}>
      <th scope="row">
        {row.host}
        {row.this ? <span className="quiet"> {t`this one`}</span> : null}
        {row.unit === null ? null : <span className={classes.under}>{row.unit}</span>}
      </th>
      <td>
        <span className={classes.mark} data-tone={tone}>
          <Sign size={14} aria-hidden /> {word}
        </span>
      </td>
      <td>
        {row.version}
        {row.version === newest || row.revoked !== null ? null : <span className="quiet"> {t`older`}</span>}
      </td>
      <td>
        {row.lastContact === null ? t`never` : moment(row.lastContact)}
        {row.clockAhead === null ? null : <span className={classes.under} data-bad>{row.clockAhead < 0 ? t`clock ${spanWords(-row.clockAhead)} behind` : t`clock ${spanWords(row.clockAhead)} ahead`}</span>}
      </td>
      <td className={classes.number}>
        {number(row.queued)}
        {row.queuedMinutes === null ? null : <span className={classes.under}>{t`oldest: ${spanWords(row.queuedMinutes * 60)}`}</span>}
      </td>
      <td className={classes.number}>{number(row.entries)}</td>
      <td>
        {row.certificateExpires === null ? '' : moment(row.certificateExpires)}
        {row.certificateDays !== null && row.certificateDays < renewed && row.revoked === null ? <span className={classes.under} data-bad>{row.certificateDays < 0 ? t`over` : t`not renewed yet`}</span> : null}
      </td>
      <td lang="en">{row.posture.length === 0 ? <span className="quiet">{t`not said`}</span> : row.posture.map((part) => part.replace('=', ' ').replaceAll('-', ' ')).join(', ')}</td>
    </tr>
  );
}

type State = { word: string; sign: Icon; tone: 'quiet' | 'attention' | 'danger' };

/** The gravest thing about it. */
function stateOf(row: FleetDeviceRow): State {
  if (row.forked) return { word: t`Another history`, sign: IconGitFork, tone: 'danger' };
  if (row.revoked !== null) return { word: t`Revoked ${moment(row.revoked)}`, sign: IconPlugConnectedX, tone: 'quiet' };
  if (row.silentMinutes === null) return { word: t`Never heard of`, sign: IconPower, tone: 'attention' };
  if (row.silentMinutes > silentAfter) return { word: t`Silent for ${spanWords(row.silentMinutes * 60)}`, sign: IconPower, tone: 'attention' };
  if (row.clockAhead !== null) return { word: t`Clock wrong`, sign: IconAlertTriangle, tone: 'attention' };
  return { word: t`In order`, sign: IconCircleCheck, tone: 'quiet' };
}

/** `0.10.0` comes after `0.9.1`. */
function byVersion(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
