// The screen: what stands around every page, and which page that is.
import { t } from '@lingui/core/macro';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { makeQueryClient } from '@/api/queries';
import { Spoken } from '@/components/Spoken';
import { Theme } from '@/components/Theme';
import { useLanguage } from '@/lib/language/language';
import { ErrorBoundary } from './ErrorBoundary';
import { SessionGate } from './SessionGate';

export function App({ client: given }: { client?: QueryClient }) {
  // Everything below is drawn anew in the language that was chosen, and keeps what it holds.
  useLanguage();
  const [client] = useState(() => given ?? makeQueryClient());
  return (
    <QueryClientProvider client={client}>
      <Spoken>
        <Theme>
          <ErrorBoundary what={t`The window`}>
            <SessionGate />
          </ErrorBoundary>
        </Theme>
      </Spoken>
    </QueryClientProvider>
  );
}
