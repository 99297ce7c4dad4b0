// Light or dark, as whoever is signed in has chosen; without somebody as the desktop has it.
import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import type { Colours as Chosen } from '@/api/types';

export function Colours({ chosen }: { chosen: Chosen }) {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(chosen === 'system' ? 'auto' : chosen), [setColorScheme, chosen]);
  return null;
}
