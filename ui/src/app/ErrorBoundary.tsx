// A part of the screen that breaks says so and leaves the rest working.
import { t } from '@lingui/core/macro';
import { Component, type ReactNode } from 'react';
import { Failed } from '@/components/StateView';

type Props = { what: string; children: ReactNode };

export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Failed
        what={t`${this.props.what} could not be drawn`}
        error={null}
        onRetry={() => this.setState({ broken: false })}
      />
    );
  }
}
