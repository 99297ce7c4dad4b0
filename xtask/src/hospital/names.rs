//! Names for invented people. Given and family names are common words of their languages; the pairing is by dice.

/// One group of names that go together, with the language that its people may prefer.
pub(super) struct Names {
    pub(super) women: &'static [&'static str],
    pub(super) men: &'static [&'static str],
    pub(super) families: &'static [&'static str],
    /// BCP 47 tag and display as the Synthea samples give them.
    pub(super) language: (&'static str, &'static str),
}

const ENGLISH: (&str, &str) = ("en-US", "English");

pub(super) const NAMES: [Names; 9] = [
    Names {
        women: &["Harriet", "Beatrice", "Nora", "Imogen", "Rosalind", "Tess", "Winifred", "Cora", "Lydia", "Pearl"],
        men: &["Edmund", "Silas", "Walter", "Hugh", "Calvin", "Rupert", "Owen", "Miles", "Ambrose", "Theo"],
        families: &[
            "Ashgrove",
            "Pemberlow",
            "Thornbury",
            "Wexcombe",
            "Larkspur",
            "Hollis",
            "Quillfeather",
            "Marchbank",
        ],
        language: ENGLISH,
    },
    Names {
        women: &["Zsófia", "Maëlle", "Chloé", "Anaïs", "Océane", "Hélène", "Noémie"],
        men: &["Étienne", "Gaël", "Loïc", "Rémi", "Aurélien", "François", "Théo"],
        families: &["Beaulieu-Marais", "Lefèbvre", "Châtelain", "Gaudreault", "D'Amboise", "Fauré"],
        language: ENGLISH,
    },
    Names {
        women: &["Ximena", "Lucía", "Inés", "Begoña", "Rocío", "Paloma", "Marisol"],
        men: &["Álvaro", "Íñigo", "Joaquín", "Ramón", "Héctor", "Iván", "Tomás"],
        families: &["Ybarra Núñez", "de la Peña", "Quiñones", "Echeverría", "Zúñiga Ríos", "Montoya", "Cárdenas"],
        language: ("es", "Spanish"),
    },
    Names {
        women: &["Folasade", "Nneka", "Ama", "Wanjiru", "Zola", "Thandiwe", "Imani"],
        men: &["Kwabena", "Chukwudi", "Sipho", "Tendai", "Kofi", "Babatunde", "Jelani"],
        families: &["Okonjo", "Adeyinka", "Mwangaza", "Dlomo", "Boatengwa", "Nwachu", "Kamara"],
        language: ENGLISH,
    },
    Names {
        women: &["Mei-Ling", "Xiuying", "Haruka", "Soo-Jin", "Linh", "Yuki", "Lan"],
        men: &["Jianyu", "Haoran", "Takumi", "Min-Jun", "Duc", "Kenji", "Bao"],
        families: &["Xu", "O", "Ishikawara", "Baek", "Nguyenh", "Ouyang", "Zhao"],
        language: ("zh", "Chinese"),
    },
    Names {
        women: &["Anjali", "Meera", "Parveen", "Kavitha", "Nasreen", "Ishani"],
        men: &["Arjun", "Farid", "Vikram", "Imran", "Rohit", "Sanjay"],
        families: &["Deshmukhi", "Venkataraghavan", "Chaudhari", "Siddiqa", "Bhattarai", "Raman"],
        language: ENGLISH,
    },
    Names {
        women: &["Ludmila", "Agnieszka", "Jelena", "Žofia", "Oksana", "Ilse", "Śliwia"],
        men: &["Wojciech", "Łukasz", "Dmitri", "Björn", "Søren", "Jiří", "Anatoly"],
        families: &["Wiśniak", "Novotná-Černý", "Petrovsky", "Østerberg", "Grünwaldt", "Szczepanow", "Kowalczek"],
        language: ("ru-RU", "Russian (Russia)"),
    },
    Names {
        women: &["Graziella", "Fiammetta", "Beatriz", "Conceição", "Mafalda", "Ornella"],
        men: &["Gianluca", "Raffaele", "Duarte", "João", "Vasco", "Nazario"],
        families: &["Belforte", "Di Stefanis", "Magalhães", "Sant'Ana", "Tessarolo", "Vasconcelhos"],
        language: ("pt", "Portuguese"),
    },
    Names {
        women: &["Ayelen", "Shadi", "Leilani", "Tallulah", "Rania", "Keahi", "Noor"],
        men: &["Koa", "Yusuf", "Tariq", "Makoa", "Elias", "Dakota", "Samir"],
        families: &["Redhawkson", "Kahananui", "Al-Rashidi", "Ben-Yosefi", "Haddadian", "Yellowcreek", "ʻAkau"],
        language: ENGLISH,
    },
];

/// A patient who is easily taken for another: title, given names, family, suffix, birth date, female.
pub(super) struct LookAlike {
    pub(super) given: &'static [&'static str],
    pub(super) family: &'static str,
    pub(super) suffix: Option<&'static str>,
    pub(super) birth: (i32, u32, u32),
    pub(super) female: bool,
}

const fn look_alike(
    given: &'static [&'static str],
    family: &'static str,
    birth: (i32, u32, u32),
    female: bool,
) -> LookAlike {
    LookAlike { given, family, suffix: None, birth, female }
}

/// Six groups: same name, sound-alike, swapped day and month, father and son, swapped name order, twins.
pub(super) const LOOK_ALIKES: [LookAlike; 14] = [
    look_alike(&["Janet"], "Smithson", (1954, 7, 2), true),
    look_alike(&["Janet"], "Smythson", (1954, 7, 20), true),
    look_alike(&["Janette"], "Smithson", (1945, 7, 2), true),
    look_alike(&["María", "Elena"], "Garzía Lopo", (1988, 3, 11), true),
    look_alike(&["Maria", "Elena"], "Garzia", (1988, 11, 3), true),
    LookAlike {
        given: &["Robert", "Alan"],
        family: "Johanssen",
        suffix: Some("Sr."),
        birth: (1949, 5, 30),
        female: false,
    },
    LookAlike {
        given: &["Robert", "Alan"],
        family: "Johanssen",
        suffix: Some("Jr."),
        birth: (1979, 5, 30),
        female: false,
    },
    look_alike(&["Wei"], "Chen", (1990, 12, 8), false),
    look_alike(&["Chen"], "Wei", (1990, 8, 12), false),
    look_alike(&["Aaliyah"], "Brownell", (2019, 4, 17), true),
    look_alike(&["Aliyah"], "Brownell", (2019, 4, 17), true),
    look_alike(&["Jürgen"], "Müllerin", (1962, 9, 1), false),
    look_alike(&["Jurgen"], "Muellerin", (1962, 1, 9), false),
    look_alike(&["Jörgen"], "Møllerin", (1962, 9, 10), false),
];

pub(super) const TOWNS: [(&str, &str); 8] = [
    ("Port Alder", "OR"),
    ("Millbrook Falls", "VT"),
    ("Saint Orrin", "LA"),
    ("Cedar Hollow", "KY"),
    ("New Tamsin", "PA"),
    ("Doña Clara", "NM"),
    ("Harrow Lake", "MN"),
    ("Quarry Bend", "CO"),
];

pub(super) const STREETS: [&str; 10] = [
    "Lantern Street",
    "Old Mill Road",
    "Saint Brigid's Way",
    "Foundry Lane",
    "Juniper Court",
    "Ferry Landing",
    "Ninth Avenue",
    "Orchard Terrace",
    "Calle del Sol",
    "Peace Park Drive",
];
