// A resource as it is stored, as text.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useResource } from '@/api/queries';
import type { ResourceView } from '@/api/types';
import { StateView } from '@/components/StateView';
import { NotShown } from './NotShown';
import classes from './StoredResource.module.css';

type StoredResourceProps = { patientId: string; resourceType: string; id: string; onDemand: boolean };

export function StoredResource({ onDemand, ...which }: StoredResourceProps) {
  const [wanted, setWanted] = useState(!onDemand);
  if (wanted) return <Stored {...which} />;
  return (
    <button type="button" className={classes.ask} onClick={() => setWanted(true)}>
      {t`Show ${which.resourceType} as stored`}
    </button>
  );
}

function Stored({ patientId, resourceType, id }: Omit<StoredResourceProps, 'onDemand'>) {
  const read = useResource(patientId, resourceType, id);
  return (
    <StateView
      read={read}
      what={t`the stored record`}
      failed={t`The stored record could not be read`}
      stillTrue={t`Nothing was changed. The list beside it still holds.`}
    >
      {(resource) => <AsStored resource={resource} />}
    </StateView>
  );
}

function AsStored({ resource }: { resource: ResourceView }) {
  const label = t`${resource.resourceType} as stored`;
  return (
    <section aria-label={label} className={classes.stored}>
      <h3 className={classes.title}>
        {label} <span className={classes.quiet}>{t`version ${resource.version}, id ${resource.id}`}</span>
      </h3>
      <NotShown closed={resource.closed} />
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrollable region must be reachable by keyboard */}
      <pre className={classes.json} tabIndex={0} aria-label={t`${label}, JSON`} role="region">
        {resource.json}
      </pre>
    </section>
  );
}
