// The day, also in a window that stays open over midnight.
import { useEffect, useState } from 'react';
import { dayOf } from './day';

export function useToday(): string {
  const [today, setToday] = useState(() => dayOf(new Date()));
  useEffect(() => {
    const timer = setInterval(() => setToday(dayOf(new Date())), 60_000);
    return () => clearInterval(timer);
  }, []);
  return today;
}
