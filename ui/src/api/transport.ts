// The one place that talks to the core. Tests and `npm run dev:mock` get mock.ts in its stead.
export { commands, events } from './bindings';
