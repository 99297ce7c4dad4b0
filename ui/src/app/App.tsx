// The screen: what stands around every page, and which page that is.
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { makeQueryClient } from '@/api/queries';
import { Theme } from '@/components/Theme';
import { ErrorBoundary } from './ErrorBoundary';
import { SessionGate } from './SessionGate';

export function App({ client: given }: { client?: QueryClient }) {
  const [client] = useState(() => given ?? makeQueryClient());
  return (
    <QueryClientProvider client={client}>
      <Theme>
        <ErrorBoundary what="The window">
          <SessionGate />
        </ErrorBoundary>
      </Theme>
    </QueryClientProvider>
  );
}
