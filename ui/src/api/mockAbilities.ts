// What each role may do in the invented core.
import { sections } from './mockChart';
import type * as T from './types';

/** Nobody signed in. */
export const noAbilities: T.Abilities = { searchPatients: false, registerPatients: false, writeNotes: false, listAmendments: false, sections: [], import: false, administerUsers: false, backUp: false, verifyAudit: false, reviewEmergencyAccess: false, readReports: false, readRights: false, seeKeys: false, rotateKeys: false, destroyRecords: false, liftSuspensions: false, readPosture: false, joinFleet: false, overseeFleet: false, decideCases: false, worklists: [], print: [] };

const clinician: T.Abilities = { ...noAbilities, searchPatients: true, sections: [...sections] };

/** By role. */
export const abilities: Record<T.Role, T.Abilities> = {
  physician: { ...clinician, print: ['visit-summary', 'medication-list', 'note', 'wristband', 'labels'], registerPatients: true, writeNotes: true, listAmendments: true, worklists: ['panel', 'ward', 'schedule'] },
  nurse: { ...clinician, print: ['visit-summary', 'medication-list', 'note', 'wristband', 'labels'], registerPatients: true, writeNotes: true, worklists: ['ward', 'panel', 'schedule'] },
  pharmacist: { ...clinician, print: ['medication-list', 'note'], sections: sections.filter((one) => one !== 'amendments'), writeNotes: true, worklists: ['prescriptions', 'ward'] },
  'front-desk': { ...noAbilities, print: ['wristband', 'labels'], searchPatients: true, registerPatients: true, sections: ['encounters', 'flags', 'coverage', 'amendments'], worklists: ['schedule'] },
  billing: { ...noAbilities, searchPatients: true, sections: ['encounters', 'coverage'], worklists: ['claims'] },
  'privacy-officer': { ...noAbilities, searchPatients: true, listAmendments: true, sections: ['access'], verifyAudit: true, reviewEmergencyAccess: true, readReports: true, readRights: true, seeKeys: true, destroyRecords: true, liftSuspensions: true, overseeFleet: true, decideCases: true },
  administrator: { ...noAbilities, import: true, administerUsers: true, readRights: true, backUp: true, verifyAudit: true, seeKeys: true, rotateKeys: true, destroyRecords: true, liftSuspensions: true, readPosture: true, joinFleet: true, overseeFleet: true },
};
