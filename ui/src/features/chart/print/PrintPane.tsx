// Printing, in place of the section and under the banner: what, for whom, where to, and how it will look. The button names action and patient.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import { useSaveChoose } from '@/api/mutations';
import { usePrintCreate, usePrinters, usePrintPreview } from '@/api/print';
import type { BannerView, DisclosureBasis, PageSize, PaperKind, PaperPurpose, PrintRequest } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { paperWords } from '@/lib/words';
import { Choices, Of } from './Choices';
import type { Wish } from './place';
import { Pages } from './Pages';
import { Purpose } from './Purpose';
import { Sizes } from './Sizes';
import { a4Labels, adultBand } from './stock';
import { Where } from './Where';
import classes from './print.module.css';

type PrintPaneProps = { banner: BannerView; wish: Wish; kinds: readonly PaperKind[]; onKind: (kind: PaperKind) => void; onClose: () => void };

const isIdentity = (kind: PaperKind) => kind === 'wristband' || kind === 'labels';

export function PrintPane({ banner, wish, kinds, onKind, onClose }: PrintPaneProps) {
  const { patientId, name } = banner;
  const { kind } = wish;
  const [encounter, setEncounter] = useKept<string>('print/encounter', '');
  const [note, setNote] = useKept<string>('print/note', wish.note ?? '');
  const [purpose, setPurpose] = useKept<PaperPurpose>('print/purpose', 'patient');
  const [basis, setBasis] = useKept<DisclosureBasis | ''>('print/basis', '');
  const [recipient, setRecipient] = useKept<string>('print/recipient', '');
  const [address, setAddress] = useKept<string>('print/address', '');
  const [reason, setReason] = useKept<string>('print/reason', '');
  const [page, setPage] = useKept<PageSize>('print/page', 'a4');
  const [band, setBand] = useState(adultBand);
  const [labels, setLabels] = useState(a4Labels);
  const [count, setCount] = useState(24);
  const [skip, setSkip] = useState(0);
  const [target, setTarget] = useKept<string>('print/target', 'printer');
  const [chosen, setChosen] = useKept<string>('print/printer', '');
  const [copies, setCopies] = useState(1);
  const [mistake, setMistake] = useState<string | null>(null);
  const printers = usePrinters();
  const preview = usePrintPreview();
  const create = usePrintCreate();
  const choose = useSaveChoose();

  const printer = chosen === '' ? (printers.data?.usual ?? printers.data?.printers[0] ?? '') : chosen;
  const toFile = target === 'file' || (printers.isSuccess && printers.data.printers.length === 0);
  const what = paperWords[kind];
  const request: PrintRequest = {
    patientId,
    chartOnScreen: patientId,
    kind,
    encounter: kind === 'visit-summary' && encounter !== '' ? encounter : null,
    note: kind === 'note' && note !== '' ? note : null,
    purpose: isIdentity(kind) ? 'care' : purpose,
    basis: basis === '' ? null : basis,
    recipient,
    address,
    reason,
    page,
    band,
    labels,
    count,
    skip,
  };
  // A picture of another choice than the one that stands would be believed.
  const asked = JSON.stringify(request);
  const [shownFor, setShownFor] = useState('');
  const shown = preview.isSuccess && shownFor === asked ? preview.data : null;
  const busy = create.isPending || choose.isPending;

  function lacking(): string | null {
    if (kind === 'note' && note === '') return t`Choose the note that is printed.`;
    if (request.purpose !== 'other') return null;
    if (basis === '') return t`Say on what ground somebody else gets it.`;
    if (recipient.trim() === '') return t`Say who gets it: it is kept for six years.`;
    return reason.trim() === '' ? t`Say what they get it for: it is kept for six years.` : null;
  }

  function look() {
    const lacks = lacking();
    setMistake(lacks);
    create.reset();
    if (lacks !== null) return;
    setShownFor(asked);
    preview.mutate(request);
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const lacks = lacking() ?? (!toFile && printer === '' ? t`Choose a printer, or save a file.` : null);
    setMistake(lacks);
    create.reset();
    choose.reset();
    if (lacks !== null) return;
    if (!toFile) return create.mutate({ ...request, printer, path: null, copies });
    // The name that is suggested is nobody's.
    const path = await choose.mutateAsync(t`${kind}.pdf`).catch(() => null);
    if (path !== null) create.mutate({ ...request, printer: null, path, copies: 1 });
  }

  const failure = create.error ?? choose.error ?? preview.error;
  const problem = mistake ?? (failure === null ? '' : sentence(failureOf(failure).message));
  return (
    <section id="print" data-scrolls aria-label={t`Print`} className={classes.page}>
      <form aria-label={t`Print`} className={classes.form} noValidate autoComplete="off" onSubmit={(event) => void submit(event)}>
        <h2 className={classes.heading}>{t`Print or save`}</h2>
        <Choices kind={kind} kinds={kinds} onKind={onKind} />
        <Of patientId={patientId} kind={kind} encounter={encounter} onEncounter={setEncounter} note={note} onNote={setNote} />
        {isIdentity(kind) ? (
          <Sizes kind={kind} band={band} onBand={setBand} labels={labels} onLabels={setLabels} count={count} onCount={setCount} skip={skip} onSkip={setSkip} />
        ) : (
          <>
            <Purpose
              purpose={purpose}
              onPurpose={setPurpose}
              basis={basis}
              onBasis={setBasis}
              recipient={recipient}
              onRecipient={setRecipient}
              address={address}
              onAddress={setAddress}
              reason={reason}
              onReason={setReason}
            />
            <label className={classes.field}>
              <span>{t`Size of the paper`}</span>
              <select className={classes.select} value={page} onChange={(event) => setPage(event.currentTarget.value as PageSize)}>
                <option value="a4">{t`A4`}</option>
                <option value="letter">{t`Letter`}</option>
              </select>
            </label>
          </>
        )}
        <Where printers={printers} toFile={toFile} onTarget={setTarget} printer={printer} onPrinter={setChosen} copies={copies} onCopies={setCopies} />
        <div role="alert" className={classes.problem}>
          {problem}
        </div>
        <p role="status" className={classes.done}>
          {create.isSuccess
            ? t`${create.data.title}, ${pagesOf(create.data.pages)}: ${create.variables.path === null ? t`handed to the printer ${create.data.to}` : t`written to ${create.data.to}, for you alone to read`}; on record.`
            : ''}
        </p>
        <div className={classes.buttons}>
          <Button type="submit" className={classes.confirm} loading={busy}>
            {t`${toFile ? t`Save` : t`Print`} ${what.inWords} of ${name}`}
          </Button>
          <Button variant="default" loading={preview.isPending} onClick={look}>
            {t`Show how it will look`}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t`Back to the chart`}
          </Button>
        </div>
      </form>
      <Pages view={shown} pending={preview.isPending} name={name} />
    </section>
  );
}

const pagesOf = (pages: number) => (pages === 1 ? t`1 page` : t`${pages} pages`);
