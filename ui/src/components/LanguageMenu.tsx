// The languages that the screen speaks, each in its own words.
import { t } from '@lingui/core/macro';
import { NativeSelect } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { choose, languages, useLanguage, type Language } from '@/lib/language/language';

/** `onChoose`: who keeps the choice; nobody else than the workstation where it is left out. */
export function LanguageMenu({ onChoose = (language) => void choose(language) }: { onChoose?: (language: Language) => void }) {
  const language = useLanguage();
  return (
    <NativeSelect
      name="language"
      aria-label={t`Language`}
      leftSection={<IconLanguage size={16} aria-hidden />}
      value={language}
      onChange={(event) => onChoose(event.currentTarget.value as Language)}
    >
      {languages.map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}
