// Renders a part of the screen with what it stands in, and checks it with axe.
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { expect } from 'vitest';
import { makeQueryClient } from '@/api/queries';
import { Spoken } from '@/components/Spoken';
import { Theme } from '@/components/Theme';

export function renderScreen(children: ReactNode) {
  const client = makeQueryClient();
  const view = render(
    <QueryClientProvider client={client}>
      <Spoken>
        <Theme>{children}</Theme>
      </Spoken>
    </QueryClientProvider>,
  );
  return { ...view, client };
}

/** No finding of axe in what is on the page; jsdom has no layout, so contrast is judged in the real window. */
export async function expectAccessible(element: Element = document.body) {
  const found = await axe.run(element, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
