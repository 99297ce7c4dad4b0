// What crosses between core and screen; written by the core.
export type * from './bindings';
