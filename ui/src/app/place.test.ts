import { describe, expect, it } from 'vitest';
import { isFull, moved, readPlace, startPlace, stillKept, writePlace, type Place } from './place';

const open = (place: Place, ...ids: string[]) => ids.reduce((at, patientId) => moved(at, { type: 'open', patientId, section: 'summary' }), place);

describe('the place', () => {
  it('survives being written and read', () => {
    const place = open(startPlace, 'p1', 'p2');
    expect(readPlace(writePlace(place)), 'an unlock brings the same place back').toEqual(place);
    const full = { ...place, kept: { 'frame/search': 'smit', 'page patients/row': 3 }, scrolled: { 'list-problems': 120 } };
    expect(readPlace(writePlace(full)), 'with what was typed').toEqual(full);
  });

  it('begins at home when the stored text is not a place', () => {
    for (const text of [null, '', 'x', '[]', '{"charts":[{"patientId":1}],"page":"chart","patientId":"p1"}'])
      expect(readPlace(text), `stored ${text}`).toEqual(startPlace);
  });

  it('leaves behind what is no longer to be seen', () => {
    const place = moved(open(startPlace, 'p1', 'p2'), { type: 'section', patientId: 'p2', section: 'problems' });
    const kept = { 'frame/search': 'a', 'page patients/search': 'b', 'chart p1 summary/plotted': 'c', 'chart p2 summary/plotted': 'd', 'chart p2 problems/x': 'e' };
    expect(stillKept(place, Object.entries(kept)), 'of each open chart its section').toEqual({
      'frame/search': 'a',
      'chart p1 summary/plotted': 'c',
      'chart p2 problems/x': 'e',
    });
  });

  it('does not open a fifth chart by itself', () => {
    const four = open(startPlace, 'p1', 'p2', 'p3', 'p4');
    expect(isFull(four, 'p5'), 'the user is asked which one goes').toBe(true);
    expect(isFull(four, 'p2'), 'an open chart can always be shown').toBe(false);
    expect(open(four, 'p5'), 'nothing changed').toEqual(four);
  });

  it('gives a freed marker to the next chart and leaves the others theirs', () => {
    const three = moved(open(startPlace, 'p1', 'p2', 'p3'), { type: 'close', patientId: 'p2' });
    const again = open(three, 'p4');
    expect(again.charts.map((chart) => [chart.patientId, chart.slot])).toEqual([
      ['p1', 0],
      ['p3', 2],
      ['p4', 1],
    ]);
  });

  it('shows the neighbour when the shown chart is closed', () => {
    const two = open(startPlace, 'p1', 'p2');
    expect(moved(two, { type: 'close', patientId: 'p2' }).patientId).toBe('p1');
    const none = moved(moved(two, { type: 'close', patientId: 'p2' }), { type: 'close', patientId: 'p1' });
    expect(none.page, 'the last one leads to the search').toBe('patients');
  });
});
