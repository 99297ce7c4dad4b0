import { describe, expect, it } from 'vitest';
import type { SyncLink, SyncView } from '@/api/types';
import { clockWords, linkWords, lostWords, meaningOf, quarantineWords, queueWords, receiptWords, troubles } from './syncWords';

const today = '2026-11-29';
const state = (rest: Partial<SyncView> = {}): SyncView => ({
  link: 'connected', since: null, why: null, waiting: 0, oldest: null, lastReceipt: null, urgent: 0, quarantined: 0, lost: null, clockAhead: null,
  server: null, enrolledAt: null, enrolment: null, certificateExpires: null, directory: 0, leaseEnds: null, leaseOver: false, ...rest,
});

describe('how server and workstation stand', () => {
  it.each<[SyncLink, string]>([
    ['not-enrolled', 'Not connected to a central server'],
    ['connecting', 'Connecting'],
    ['connected', 'Connected'],
    ['offline', 'Offline since 10:42'],
    ['refused', 'Connection refused'],
    ['conflict', 'Sending stopped'],
  ])('has a word for %s', (link, words) => {
    expect(linkWords(state({ link, since: link === 'offline' ? '29-Nov-2026 10:42' : null }), today)).toBe(words);
  });

  it('names the day of an absence that began before today', () => {
    expect(linkWords(state({ link: 'offline', since: '28-Nov-2026 23:59' }), today)).toBe('Offline since 28-Nov 23:59');
    expect(linkWords(state({ link: 'offline' }), today)).toBe('Offline');
  });

  it('does not promise that work goes on when the lease is over', () => {
    expect(meaningOf(state({ link: 'offline' }))).toBe('Work goes on; everything is sent later.');
    expect(meaningOf(state({ link: 'offline', leaseOver: true }))).toMatch(/^Nobody of the server’s directory can sign in/);
    expect(meaningOf(state({ link: 'connected', leaseOver: true })), 'the server was heard').toBe('');
  });

  it('counts what waits, and since when', () => {
    expect(queueWords(state(), today)).toBe('No entry waits');
    expect(queueWords(state({ waiting: 1, oldest: '29-Nov-2026 10:40' }), today)).toBe('1 entry waits since 10:40');
    expect(queueWords(state({ waiting: 12_345, oldest: '22-Nov-2026 10:40' }), today)).toBe('12,345 entries wait since 22-Nov 10:40');
    expect(queueWords(state({ waiting: 2 }), today)).toBe('2 entries wait');
  });

  it('says when the last receipt came', () => {
    expect(receiptWords(state({ lastReceipt: '29-Nov-2026 10:41' }), today)).toBe('Last receipt 10:41');
    expect(receiptWords(state(), today)).toBe('No receipt yet');
  });

  it('says which way and how far the clocks differ', () => {
    expect(clockWords(60)).toBe('The clock of this workstation is 1 min ahead of the server’s');
    expect(clockWords(-3_600)).toBe('The clock of this workstation is 1 h behind the server’s');
    expect(clockWords(86_400 * 3)).toBe('The clock of this workstation is 3 days ahead of the server’s');
  });

  it('names what was lost and what the server could not open', () => {
    expect(lostWords('12-40')).toBe('The server lost entries 12 to 40, which it had confirmed');
    expect(lostWords('12-12')).toBe('The server lost entry 12, which it had confirmed');
    expect(quarantineWords(1)).toBe('The server could not open 1 entry: it stays here');
  });

  it('puts what endangers the log first, and finds nothing where nothing is wrong', () => {
    expect(troubles(state({ clockAhead: 90, quarantined: 2, lost: '1-2' })).map((one) => one.tone)).toEqual(['danger', 'attention', 'attention']);
    expect(troubles(state())).toEqual([]);
  });
});
