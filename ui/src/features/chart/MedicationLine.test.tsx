import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MedicationRow } from '@/api/types';
import { MedicationLine } from './MedicationLine';

const row: MedicationRow = {
  resourceType: 'MedicationRequest',
  id: 'm1',
  version: 1,
  name: 'amoxicillin 250 mg / clavulanate potassium 125 mg oral tablet, film coated',
  parts: null,
  code: '',
  dose: '250 mg',
  route: 'oral',
  frequency: '3 times per day',
  text: 'Take one tablet three times a day',
  status: 'active',
  active: true,
  intent: 'order',
  when: { iso: '', text: '' },
  requester: '',
  reason: '', note: '',
};

describe('the medication line', () => {
  it('MEDi-051: reads name, dose, route, frequency', () => {
    const { container } = render(<MedicationLine row={row} />);
    expect(container).toHaveTextContent(`${row.name} – DOSE 250 mg – oral – 3 times per day`);
  });

  it('MEDi-007 MEDi-038: labels the dose with DOSE and sets dose and name in bold', () => {
    render(<MedicationLine row={row} />);
    expect(screen.getByText('DOSE').tagName).toBe('SPAN');
    expect(screen.getByText('250 mg').tagName).toBe('STRONG');
    expect(screen.getByText(row.name).tagName).toBe('STRONG');
  });

  it('MEDi-022: shows a name of 400 letters in full', () => {
    const name = `${'verylongname '.repeat(30)}end`;
    render(<MedicationLine row={{ ...row, name }} />);
    expect(screen.getByText(/end$/).textContent).toBe(name);
  });

  it('shows the dosage as text when that is all there is', () => {
    const { container } = render(<MedicationLine row={{ ...row, dose: '', route: '', frequency: '' }} />);
    expect(container).toHaveTextContent(`${row.name} – Take one tablet three times a day`);
    expect(container).not.toHaveTextContent('DOSE');
  });

  it('reads a name of RxNorm from what it is to its form, and keeps the number of its approval, set apart', () => {
    const parts = { ingredient: 'EPINEPHrine', brand: '', strength: '1 MG/ML', form: 'Auto-Injector', amount: '0.3 ML', approval: 'NDA020800' };
    const name = 'NDA020800 0.3 ML EPINEPHrine 1 MG/ML Auto-Injector';
    const { container } = render(<MedicationLine row={{ ...row, name, parts, dose: '', route: '', frequency: '', text: '' }} />);
    expect(container).toHaveTextContent('EPINEPHrine – 1 MG/ML – Auto-Injector – 0.3 ML – approval NDA020800');
    for (const word of name.split(' ')) expect(container, 'no word of the record is lost').toHaveTextContent(word);
    expect(screen.getByText('EPINEPHrine').tagName).toBe('STRONG');
  });

  it('says that a medicine has no name instead of leaving a blank', () => {
    const { container } = render(<MedicationLine row={{ ...row, name: '' }} />);
    expect(container).toHaveTextContent('Medicine not named');
  });
});
