// The sign beside the word for how the central server and this workstation stand.
import { IconAlertTriangle, IconDeviceDesktop, IconDots, IconPlugConnected, IconPlugConnectedX, IconPlugX, type Icon } from '@tabler/icons-react';
import type { SyncLink } from '@/api/types';

export const syncSigns: Record<SyncLink, Icon> = {
  'not-enrolled': IconDeviceDesktop,
  connecting: IconDots,
  connected: IconPlugConnected,
  offline: IconPlugConnectedX,
  refused: IconPlugX,
  conflict: IconAlertTriangle,
};
