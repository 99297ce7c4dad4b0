// The left rail: the pages this user may open, and at its foot the colours and the way out.
import { t } from '@lingui/core/macro';
import { useComputedColorScheme } from '@mantine/core';
import {
  IconAdjustments,
  IconDatabaseExport,
  IconDeviceDesktopCheck,
  IconFileImport,
  IconFileX,
  IconGavel,
  IconHome,
  IconKey,
  IconListCheck,
  IconLogout,
  IconMoon,
  IconRadar2,
  IconReportSearch,
  IconSearch,
  IconServer,
  IconShieldCheck,
  IconSun,
  IconUsers,
  IconUserExclamation,
  IconUserShield,
  type Icon,
} from '@tabler/icons-react';
import type { Colours, SessionView } from '@/api/types';
import { pageWords } from '@/lib/pages';
import type { Page } from './place';
import { pagesOf, type RailPage } from './routes';
import classes from './frame.module.css';

type Props = { session: SessionView; page: Page; onGo: (page: RailPage) => void; onColours: (colours: Colours) => void; onSignOut: () => void };

const icons: Record<RailPage, Icon> = {
  home: IconHome,
  patients: IconSearch,
  fleet: IconRadar2,
  reviews: IconGavel,
  reports: IconReportSearch,
  rights: IconListCheck,
  users: IconUsers,
  import: IconFileImport,
  backup: IconDatabaseExport,
  keys: IconKey,
  destruction: IconFileX,
  suspensions: IconUserExclamation,
  audit: IconShieldCheck,
  workstation: IconDeviceDesktopCheck,
  server: IconServer,
  screen: IconAdjustments,
  'sign-in': IconUserShield,
};

export function Rail({ session, page, onGo, onColours, onSignOut }: Props) {
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <nav className={classes.rail} aria-label={t`Pages`}>
      {pagesOf(session).map((one) => {
        const Shape = icons[one];
        return (
          <button
            key={one}
            type="button"
            className={classes.railButton}
            title={pageWords[one].does}
            aria-current={page === one || (page === 'register' && one === 'patients') ? 'page' : undefined}
            onClick={() => onGo(one)}
          >
            <Shape size={20} stroke={1.6} aria-hidden />
            {pageWords[one].label}
          </button>
        );
      })}
      <span className={classes.spring} />
      <button type="button" className={classes.railButton} onClick={() => onColours(dark ? 'light' : 'dark')}>
        {dark ? <IconSun size={20} stroke={1.6} aria-hidden /> : <IconMoon size={20} stroke={1.6} aria-hidden />}
        {dark ? t`Light` : t`Dark`}
      </button>
      <button type="button" className={classes.railButton} title={t`Sign out: your charts close and your place is forgotten`} onClick={onSignOut}>
        <IconLogout size={20} stroke={1.6} aria-hidden />
        {t`Sign out`}
      </button>
    </nav>
  );
}
