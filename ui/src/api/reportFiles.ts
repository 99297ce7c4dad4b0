// Reports that the core writes to new files; each is an entry of the audit log before the file is there.
import { commands, unwrap } from './client';
import type * as T from './types';

export const saveAccessReport = (request: T.AccessReportSaveRequest) => unwrap(commands.accessReportSave(request));

export const saveOwnAccessReport = (request: T.OwnAccessReportSaveRequest) => unwrap(commands.ownAccessReportSave(request));

export const saveAccessRights = (request: T.AccessRightsSaveRequest) => unwrap(commands.accessRightsSave(request));

export const saveDisclosureAccounting = (request: T.DisclosureAccountingSaveRequest) => unwrap(commands.disclosureAccountingSave(request));
