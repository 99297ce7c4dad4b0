// Checking the audit log: every entry, the Merkle tree (RFC 6962) and the mark of the device key's keeper.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useAuditVerify } from '@/api/mutations';
import type { AuditVerifyView } from '@/api/types';
import { Empty, Failed, Loading } from '@/components/StateView';
import { number } from '@/lib/language/number';
import classes from './administration.module.css';

export function AuditPage() {
  const verify = useAuditVerify();
  return (
    <section className={classes.page} aria-label={t`Audit log`}>
      <h1 className={classes.heading}>{t`Audit log`}</h1>
      <p className={classes.lead}>{t`FHIR AuditEvent. Each search, chart and section that was shown has one entry, written before it was shown.`}</p>
      <p>
        <Button autoFocus loading={verify.isPending} onClick={() => verify.mutate()}>
          {t`Check the audit log`}
        </Button>
      </p>
      {verify.isPending ? <Loading what={t`every entry`} /> : null}
      {verify.isError ? <Failed what={t`The check did not finish`} error={verify.error} /> : null}
      {verify.isIdle ? <Empty title={t`Not checked yet`} hint={t`The result of the check appears here. It reads every entry and changes none.`} /> : null}
      {verify.data ? <Result found={verify.data} /> : null}
    </section>
  );
}

function Result({ found }: { found: AuditVerifyView }) {
  return (
    <div role="status" className={classes.result} data-intact={found.intact}>
      <p className={classes.verdict}>
        {found.intact ? <IconShieldCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
        {found.intact ? t`Intact: nothing was changed, deleted or reordered` : t`Not intact: keep this workstation as it is and call the privacy officer`}
      </p>
      <dl className={classes.facts}>
        <dt>{t`Entries`}</dt>
        <dd>{number(found.entries)}</dd>
        <dt>{t`Merkle root`}</dt>
        <dd className={classes.mono}>{found.root}</dd>
      </dl>
      {found.findings.length === 0 ? null : (
        <ul aria-label={t`Findings`}>
          {found.findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
