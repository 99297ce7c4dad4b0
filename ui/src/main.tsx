import './components/mantine.css';
import '@fontsource-variable/inter/wght.css';
import './components/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient, readSession } from '@/api/queries';
import { App } from '@/app/App';
import { loadFrame } from '@/app/SessionGate';
import { speakFor } from '@/lib/language/language';

const client = makeQueryClient();
const root = document.getElementById('root');
// The first thing drawn is the page of the session and no empty one before it; but a core that says nothing is not waited for.
await Promise.race([Promise.all([readSession(client), speakFor('').catch(() => null)]), new Promise((done) => setTimeout(done, 150))]);
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  );
  // What is behind the sign-in is fetched while nobody waits for it.
  requestAnimationFrame(() => setTimeout(() => void loadFrame(), 0));
}
