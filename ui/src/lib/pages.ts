// The words for the pages of the rail.
export const pageWords = {
  home: { label: 'Home', does: 'Where you begin' },
  patients: { label: 'Patients', does: 'Find a patient' },
  register: { label: 'Register a patient', does: 'Take in somebody who is not here yet' },
  reviews: { label: 'Reviews', does: 'Review emergency accesses' },
  reports: { label: 'Reports', does: 'See who looked at a patient, and what a user did' },
  rights: { label: 'Rights', does: 'See what each user may do' },
  users: { label: 'Users', does: 'Make and list the users of this workstation' },
  import: { label: 'Import', does: 'Take in FHIR files' },
  backup: { label: 'Backup', does: 'Write a backup, and see to the recovery key' },
  keys: { label: 'Keys', does: 'See and replace keys, and who used them' },
  destruction: { label: 'Destroy', does: 'Ask for the destruction of a record, or agree to it' },
  suspensions: { label: 'Unusual', does: 'See whose account is suspended over unusual access, and lift that' },
  audit: { label: 'Audit', does: 'Check the audit log' },
  workstation: { label: 'Device', does: 'See what protects this workstation' },
  server: { label: 'Server', does: 'Join the central server, and see to the connection' },
  'sign-in': { label: 'My sign-in', does: 'Your password, second factors and recovery codes' },
} as const;
