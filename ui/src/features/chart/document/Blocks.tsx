// The narrative of a document from elsewhere: paragraphs, lists and tables made of text. Nothing of it is ever markup.
import type { ReactNode } from 'react';
import type { Block, Row, Span } from '@/api/types';
import classes from './document.module.css';

// Blocks have no ids, and a document never changes while it is drawn: their places are their keys.

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <One key={index} block={block} />);
}

function One({ block }: { block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p className={classes.paragraph}>
          <Spans spans={block.spans} />
        </p>
      );
    case 'caption':
      return (
        <p className={classes.caption}>
          <Spans spans={block.spans} />
        </p>
      );
    case 'list': {
      const items = block.items.map((item, index) => (
        <li key={index}>
          <Blocks blocks={item} />
        </li>
      ));
      return block.ordered ? <ol className={classes.items}>{items}</ol> : <ul className={classes.items}>{items}</ul>;
    }
    case 'table':
      return (
        <div className={classes.wide}>
          <table className={classes.table}>
            {block.head.length === 0 ? null : (
              <thead>
                <Rows rows={block.head} head />
              </thead>
            )}
            <tbody>
              <Rows rows={block.body} />
            </tbody>
          </table>
        </div>
      );
  }
}

function Rows({ rows, head = false }: { rows: readonly Row[]; head?: boolean }) {
  return rows.map((row, index) => (
    <tr key={index}>
      {row.cells.map((cell, at) =>
        (cell.head || head) && cell.blocks.length > 0 ? (
          <th key={at} scope={head ? 'col' : 'row'} colSpan={cell.columns} rowSpan={cell.rows}>
            <Blocks blocks={cell.blocks} />
          </th>
        ) : (
          <td key={at} colSpan={cell.columns} rowSpan={cell.rows}>
            <Blocks blocks={cell.blocks} />
          </td>
        ),
      )}
    </tr>
  ));
}

function Spans({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, index) => <Styled key={index} span={span} />);
}

function Styled({ span }: { span: Span }) {
  return span.styles.reduce<ReactNode>((inner, style) => {
    switch (style) {
      case 'bold':
        return <strong>{inner}</strong>;
      case 'italics':
        return <em>{inner}</em>;
      case 'underline':
        return <span className={classes.underline}>{inner}</span>;
      case 'subscript':
        return <sub>{inner}</sub>;
      case 'superscript':
        return <sup>{inner}</sup>;
      case 'deleted':
        return <del>{inner}</del>;
      case 'note':
        return <span className={classes.note}>{inner}</span>;
    }
  }, span.text);
}
