import classes from './belowBanner.module.css';

/** A dialog over a chart stands below the banner, and the page behind stays legible: whose chart it is stays in sight (NHS CUI PAB-0013). */
export const belowBanner = { yOffset: 176, overlayProps: { backgroundOpacity: 0.1 }, classNames: { content: classes.content ?? '' } } as const;
