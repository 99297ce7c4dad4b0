import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MedicationRow } from '@/api/types';
import { MedicationLine } from './MedicationLine';

const row: MedicationRow = {
  resourceType: 'MedicationRequest',
  id: 'm1',
  name: 'amoxicillin 250 mg / clavulanate potassium 125 mg oral tablet, film coated',
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
  reason: '',
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

  it('says that a medicine has no name instead of leaving a blank', () => {
    const { container } = render(<MedicationLine row={{ ...row, name: '' }} />);
    expect(container).toHaveTextContent('Medicine not named');
  });
});
