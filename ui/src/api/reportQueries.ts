// Reports as the core reads them: page by page, each with an audit entry of its own.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import type { AccessReportSelection, AccessReportView, AccessRightsSelection } from './types';

/** Rows of a page, as the core cuts them (crates/workstation/src/access_report.rs). */
export const reportPage = 500;

const reports = ['access-report'] as const;

/** Who there is to choose from. */
export function useReportUsers(enabled: boolean) {
  return useQuery({ queryKey: [...reports, 'users'], queryFn: () => unwrap(commands.accessReportUsers()), staleTime: 0, enabled });
}

/**
 * The first page. While it is sorted anew the former order of the same report stays to be seen. One that was left is read anew before it is
 * drawn: reading it is an entry, and a row that comes in on top would move the others under the pointer.
 */
export function useAccessReport(selection: AccessReportSelection) {
  const about = JSON.stringify(selection.about);
  return useQuery({
    queryKey: [...reports, about, selection],
    queryFn: () => unwrap(commands.accessReportRead({ selection, offset: 0, upTo: null })),
    staleTime: 0,
    gcTime: 0,
    placeholderData: (previous: AccessReportView | undefined, query) =>
      query?.queryKey[1] === about ? previous : undefined,
  });
}

/** What every user may do. Each order is read anew, and is an entry. */
export function useAccessRights(selection: AccessRightsSelection) {
  return useQuery({
    queryKey: ['access-rights', selection],
    queryFn: () => unwrap(commands.accessRightsRead(selection)),
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

export function useDisclosureAccounting(patientId: string) {
  return useQuery({
    queryKey: [...reports, 'disclosures', patientId],
    queryFn: () => unwrap(commands.disclosureAccountingRead({ patientId })),
    staleTime: 0,
  });
}

/** The pages behind the first that are in sight. */
export function useReportPages(selection: AccessReportSelection, upTo: number, pages: readonly number[]) {
  return useQueries({
    queries: pages.map((page) => ({
      queryKey: [...reports, 'page', selection, upTo, page],
      queryFn: () => unwrap(commands.accessReportRead({ selection, offset: page * reportPage, upTo })),
    })),
  });
}
