import { describe, expect, it } from 'vitest';
import { nobody, personFromSearch, prepared, readFields, whoInWords } from './person';

describe('what was looked for and not found', () => {
  it.each([
    ['waldstein', { family: 'Waldstein' }],
    ['waldstein ana', { family: 'Waldstein', given: 'Ana' }],
    ['de la Cruz, María José', { family: 'de la Cruz', given: 'María José' }],
    ['waldstein 3-feb-1961', { family: 'Waldstein', birthDate: '3-feb-1961' }],
    ['1961-02-03 waldstein ana', { family: 'Waldstein', given: 'Ana', birthDate: '1961-02-03' }],
    ['waldstein 3 February 1961', { family: 'Waldstein', birthDate: '3 February 1961' }],
    ['3.2.1961', { birthDate: '3.2.1961' }],
    ['004 217', { mrn: '004 217' }],
    ['waldstein 99999999', { family: 'Waldstein', mrn: '99999999' }],
    ['  ', {}],
  ])('%s begins the form', (typed, fields) => {
    const person = personFromSearch(typed);
    expect(person).toEqual({ ...nobody, ...fields });
  });
});

describe('what goes to the core', () => {
  it('has no spaces at its ends and its birth date in one notation', () => {
    const { person, mistakes } = prepared({ ...nobody, family: ' Waldstein ', given: 'Ana  Maria', birthDate: '3 Feb 1961' });
    expect(mistakes).toEqual({});
    expect(person).toEqual({ ...nobody, family: 'Waldstein', given: 'Ana Maria', birthDate: '1961-02-03' });
  });

  it('is nothing without a family name, or with a birth date that could be two', () => {
    expect(Object.keys(prepared({ ...nobody, birthDate: '3.2.1961' }).mistakes)).toEqual(['family', 'birthDate']);
  });

  it('leaves a birth date that was stored as it is', () => {
    const old = { ...nobody, family: 'Waldstein', birthDate: '1861-02-03' };
    expect(prepared(old).mistakes.birthDate).toMatch(/before 1880/);
    expect(prepared(old, '1861-02-03').mistakes).toEqual({});
  });
});

it('names who is registered as far as it can be read', () => {
  const ana = { ...nobody, family: 'Waldstein', given: 'Ana' };
  expect(whoInWords({ ...ana, birthDate: '1961-02-03' })).toBe('Ana WALDSTEIN, born 03-Feb-1961');
  expect(whoInWords(ana)).toBe('Ana WALDSTEIN, birth date not known');
  expect(whoInWords({ ...ana, birthDate: '3.2.1961' }), 'nothing is said of a date that is not clear').toBe('Ana WALDSTEIN');
});

it('takes of a kept text only what is a field', () => {
  expect(readFields('{"family":"Waldstein","gender":"x","given":3,"other":"y"}')).toEqual({ family: 'Waldstein' });
  expect(readFields('no text of ours')).toEqual({});
  expect(readFields('null')).toEqual({});
});
