//! What the paper of the organisation recovery key says beside the key.

use crate::paper::Sections;

pub(super) const SECTIONS: Sections = &[
    (
        "What it is for",
        &[
            "1. The computer, its TPM, token or keystore is lost: this key opens the data folder or a backup on another device \
             (window of the workstation that did not open, or: vigil recover, vigil restore --recovery-key).",
            "2. No administrator knows their password any more: this key gives an administrator a new one (sign-in page, \
             \"Forgotten password?\"). Each use is an entry in the audit log.",
        ],
    ),
    (
        "What it opens",
        &[
            "Whoever holds this paper together with the data folder or a backup of this workstation can make themselves its \
             administrator. Keep it as you keep the keys of the pharmacy. It is useless without that data.",
        ],
    ),
    (
        "How to keep it",
        &[
            "Put it in a sealed envelope, signed across the flap, in a safe away from the workstation and from its backups. \
             Two persons open it together and sign for it; neither has the safe and the data alone. A second copy belongs in \
             another building.",
            "Vigil keeps no copy. Delete the file of this page after printing, also from the printer's queue. Once a year look \
             that the envelope is whole and that its name is the one on the page \"Backup & recovery\".",
            "A new key made there takes its place for this workstation and for later backups. Backups that were made before \
             still need this paper: keep it until the last of them is gone.",
        ],
    ),
];
