// The words for the pages of the rail.
import { t } from '@lingui/core/macro';
export const pageWords = {
  home: { get label() { return t`Home`; }, get does() { return t`Where you begin`; } },
  patients: { get label() { return t`Patients`; }, get does() { return t`Find a patient`; } },
  register: { get label() { return t`Register a patient`; }, get does() { return t`Take in somebody who is not here yet`; } },
  fleet: { get label() { return t`Fleet`; }, get does() { return t`See alarms, workstations and figures of the whole fleet`; } },
  reviews: { get label() { return t`Reviews`; }, get does() { return t`Review emergency accesses`; } },
  reports: { get label() { return t`Reports`; }, get does() { return t`See who looked at a patient, and what a user did`; } },
  rights: { get label() { return t`Rights`; }, get does() { return t`See what each user may do`; } },
  users: { get label() { return t`Users`; }, get does() { return t`Make and list the users of this workstation`; } },
  import: { get label() { return t`Import`; }, get does() { return t`Take in FHIR files`; } },
  backup: { get label() { return t`Backup`; }, get does() { return t`Write a backup, and see to the recovery key`; } },
  keys: { get label() { return t`Keys`; }, get does() { return t`See and replace keys, and who used them`; } },
  destruction: { get label() { return t`Destroy`; }, get does() { return t`Ask for the destruction of a record, or agree to it`; } },
  suspensions: { get label() { return t`Unusual`; }, get does() { return t`See whose account is suspended over unusual access, and lift that`; } },
  audit: { get label() { return t`Audit`; }, get does() { return t`Check the audit log`; } },
  workstation: { get label() { return t`Device`; }, get does() { return t`See what protects this workstation`; } },
  server: { get label() { return t`Server`; }, get does() { return t`Join the central server, and see to the connection`; } },
  screen: { get label() { return t`My screen`; }, get does() { return t`Colours, size, and which sections stand first`; } },
  'sign-in': { get label() { return t`My sign-in`; }, get does() { return t`Your password, second factors and recovery codes`; } },
} as const;
