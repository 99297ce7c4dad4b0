// The languages that the screen speaks, each in its own words: before the sign-in for the workstation, after it for the user.
import { t } from '@lingui/core/macro';
import { NativeSelect } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { choose, languages, useLanguage, type Language } from '@/lib/language/language';

export function LanguageMenu({ userId }: { userId: string | null }) {
  const language = useLanguage();
  return (
    <NativeSelect
      name="language"
      aria-label={t`Language`}
      leftSection={<IconLanguage size={16} aria-hidden />}
      value={language}
      onChange={(event) => void choose(event.currentTarget.value as Language, userId)}
    >
      {languages.map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </NativeSelect>
  );
}
