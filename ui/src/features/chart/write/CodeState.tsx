// Whether what stands in the field will be stored with a code.
import { label, type Chosen } from './codes';
import own from './codedField.module.css';
import classes from './write.module.css';

type CodeStateProps = { chosen: Chosen | null; caution?: string; uncoded?: string };

export function CodeState({ chosen, caution = '', uncoded = '' }: CodeStateProps) {
  return (
    <p className={classes.quiet}>
      {'N comes here, Enter adds. '}
      {chosen === null ? (
        `What is typed is kept as words: not coded${uncoded}. Arrow down goes to the codes.`
      ) : (
        <strong className={own.coded}>{`Coded as ${label(chosen)}: ${chosen.display}.`}</strong>
      )}
      {caution}
    </p>
  );
}
