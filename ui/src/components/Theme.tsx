// The one look: neutral greys, teal accent, dense, 14 px, following the system's light or dark.
import { t } from '@lingui/core/macro';
import { Button, createTheme, Input, MantineProvider, type MantineColorSchemeManager } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useLanguage } from '@/lib/language/language';

const makeTheme = () => createTheme({
  primaryColor: 'teal',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.3' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 3,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '18px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.35' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      vars: (_theme, { variant = 'filled' }) => ({
        root: {
          '--button-height': '32px',
          '--button-padding-x': '12px',
          ...(variant === 'filled' ? { '--button-color': 'var(--accent-text)' } : {}),
        },
      }),
    }),
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': '32px', '--input-size': '32px', '--input-fz': '14px' } }) }),
    // What a pointer shows, a key shows too.
    PasswordInput: { defaultProps: { visibilityToggleFocusable: true } },
    Modal: { defaultProps: { transitionProps: { duration: 80 }, closeButtonProps: { 'aria-label': t`Close` } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 80 } } },
  },
});

/** Light or dark as chosen, for as long as the window lives: nothing goes to the web view's storage. */
function memoryColorScheme(): MantineColorSchemeManager {
  let chosen: 'light' | 'dark' | 'auto' | undefined;
  return {
    get: (fallback) => chosen ?? fallback,
    set: (value) => {
      chosen = value;
    },
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => {
      chosen = undefined;
    },
  };
}

const colorScheme = memoryColorScheme();

export function Theme({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const theme = useMemo(makeTheme, [language]);
  return (
    // The variables stand in tokens.css: a style element made at run time would need 'unsafe-inline' in the content policy.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
