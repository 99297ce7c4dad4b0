//! What the paper of a half says beside the half.

use crate::paper::Sections;

pub(super) const SECTIONS: Sections = &[
    (
        "What it is for",
        &[
            "For the day when nobody can sign in at this workstation and patients have to be treated. Together with the other half, \
           which somebody else holds, it opens the emergency account: sign-in page, \"Nobody can sign in?\".",
        ],
    ),
    (
        "What happens",
        &[
            "Opening it raises an alarm. Everything that is done with it is on record, with your names and your reason, and is \
             looked into afterwards.",
            "It stays open for use for one day. After that, and whenever it was used, an administrator has to seal it anew: \
             then this paper opens nothing any more.",
        ],
    ),
    (
        "How to keep it",
        &[
            "In a sealed envelope, signed across the flap, where you and nobody who holds the other half can reach it at any hour. \
             One person never holds both.",
            "Vigil keeps no copy. Delete the file of this page after printing, also from the printer's queue. Try the account \
             once a year, and seal it anew after that.",
        ],
    ),
];
